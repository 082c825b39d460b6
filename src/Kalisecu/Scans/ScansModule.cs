using Kalisecu.Hosting;
using Kalisecu.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Scans;

internal static class ScansModule
{
    public static Capability Capability { get; } = new([V1.ScanService.Descriptor], AddScans, MapScans);

    private static void AddScans(IServiceCollection services)
    {
        services.AddSingleton<ScanLeasing>();
        services.AddSingleton<ScanOrders>();
        services.AddSingleton<ScanStops>();
        services.AddSingleton<ScanService>();
        services.AddSingleton<IAuthorisationObserver>(provider => provider.GetRequiredService<ScanStops>());
        services.AddSingleton<IScanLeases, CredentialLeases>();
    }

    private static void MapScans(IEndpointRouteBuilder routes) => routes.MapGrpcService<ScanService>();
}
