using Kalisecu.Accounts;
using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Tenants;

internal static class TenantsModule
{
    public static Capability Capability { get; } =
        new(
            [
                V1.TenantService.Descriptor,
                V1.MemberService.Descriptor,
                V1.SiteService.Descriptor,
                V1.AuthorisationService.Descriptor,
            ],
            AddTenants,
            MapTenants
        );

    private static void AddTenants(IServiceCollection services)
    {
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<CreateTenant>();
        services.AddSingleton<CloseTenant>();
        services.AddClauseCheck<EndedContractCheck>();
        services.AddClauseCheck<TechnicalDataCheck>();
        services.AddSingleton<TenantService>();
        services.AddSingleton<Sites>();
        services.AddSingleton<SiteCredentials>();
        services.AddSingleton<RevealSiteCredential>();
        services.AddSingleton<SiteService>();
        services.AddSingleton<Authorisations>();
        services.AddSingleton<AuthorisationService>();
        services.AddSingleton<MemberEvidence>();
        services.AddSingleton<Members>();
        services.AddSingleton<MemberService>();
        services.AddSingleton<MemberPeople>();
        services.AddSingleton<IPeople>(provider => provider.GetRequiredService<MemberPeople>());
        services.AddSingleton<ITenantObserver>(provider => provider.GetRequiredService<MemberPeople>());
    }

    private static void MapTenants(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<TenantService>();
        routes.MapGrpcService<MemberService>();
        routes.MapGrpcService<SiteService>();
        routes.MapGrpcService<AuthorisationService>();
    }
}
