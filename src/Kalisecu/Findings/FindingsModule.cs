using Kalisecu.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Findings;

internal static class FindingsModule
{
    public static Capability Capability { get; } = new([], AddFindings, MapFindings);

    private static void AddFindings(IServiceCollection services) { }

    private static void MapFindings(IEndpointRouteBuilder routes) { }
}
