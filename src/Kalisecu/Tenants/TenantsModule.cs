using Kalisecu.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Tenants;

internal static class TenantsModule
{
    public static Capability Capability { get; } = new([], AddTenants, MapTenants);

    private static void AddTenants(IServiceCollection services) { }

    private static void MapTenants(IEndpointRouteBuilder routes) { }
}
