using Kalisecu.Hosting;
using Kalisecu.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Agents;

internal static class AgentsModule
{
    public static Capability Capability { get; } =
        new(
            [
                V1.AgentService.Descriptor,
                V1.EnrolmentService.Descriptor,
                V1.CertificateService.Descriptor,
                V1.LeaseService.Descriptor,
            ],
            AddAgents,
            MapAgents
        );

    private static void AddAgents(IServiceCollection services)
    {
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<AgentCertificates>();
        services.AddSingleton<AgentOrders>();
        services.AddSingleton<ITenantObserver>(provider => provider.GetRequiredService<AgentOrders>());
        services.AddSingleton<EnrolAgent>();
        services.AddSingleton<AgentService>();
        services.AddSingleton<EnrolmentService>();
        services.AddSingleton<CertificateService>();
        services.AddSingleton<LeaseService>();
    }

    private static void MapAgents(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<AgentService>();
        routes.MapGrpcService<EnrolmentService>();
        routes.MapGrpcService<CertificateService>();
        routes.MapGrpcService<LeaseService>();
    }
}
