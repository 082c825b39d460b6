using Kalisecu.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Agents;

internal static class AgentsModule
{
    public static Capability Capability { get; } = new([], AddAgents, MapAgents);

    private static void AddAgents(IServiceCollection services)
    {
        services.AddSingleton<AgentDirectory>();
    }

    private static void MapAgents(IEndpointRouteBuilder routes) { }
}
