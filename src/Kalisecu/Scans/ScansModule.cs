using Kalisecu.Hosting;
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
    }

    private static void MapScans(IEndpointRouteBuilder routes) => routes.MapGrpcService<ScanService>();
}
