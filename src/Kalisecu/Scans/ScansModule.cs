using Kalisecu.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Scans;

internal static class ScansModule
{
    public static Capability Capability { get; } = new([], AddScans, MapScans);

    private static void AddScans(IServiceCollection services)
    {
        services.AddSingleton<Kalisecu.Tenants.IScanLeases, CredentialLeases>();
    }

    private static void MapScans(IEndpointRouteBuilder routes) { }
}
