using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Findings;

internal static class FindingsModule
{
    public static Capability Capability { get; } = new([PushContract.Descriptor], AddFindings, MapFindings);

    private static void AddFindings(IServiceCollection services) => services.AddPush();

    private static void MapFindings(IEndpointRouteBuilder routes) => routes.MapGrpcService<PushService>();
}
