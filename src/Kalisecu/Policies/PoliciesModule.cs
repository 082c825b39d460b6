using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Policies;

internal static class PoliciesModule
{
    public static Capability Capability { get; } = new([V1.PolicyService.Descriptor], AddPolicies, MapPolicies);

    private static void AddPolicies(IServiceCollection services)
    {
        services.AddSingleton<PolicyProto>();
        services.AddSingleton<PolicyVersions>();
        services.AddSingleton<TellMembers>();
        services.AddSingleton<PublishPolicy>();
        services.AddSingleton<PolicyService>();
        services.AddHostedService<SeedPolicy>();
        services.AddClauseCheck<PublishedPolicyCheck>();
        services.AddClauseCheck<PolicyNoticeCheck>();
        services.AddClauseCheck<PolicyControllerCheck>();
        services.AddClauseCheck<ProcessorsNamedCheck>();
    }

    private static void MapPolicies(IEndpointRouteBuilder routes) => routes.MapGrpcService<PolicyService>();
}
