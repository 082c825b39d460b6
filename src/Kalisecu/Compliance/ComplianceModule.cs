using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Compliance;

internal static class ComplianceModule
{
    public static Capability Capability { get; } =
        new([V1.ComplianceService.Descriptor, V1.RegisterService.Descriptor], AddCompliance, MapCompliance);

    /// <summary>Registers a check of a clause; a capability does so beside its own services.</summary>
    public static IServiceCollection AddClauseCheck<T>(this IServiceCollection services)
        where T : class, IClauseCheck => services.AddSingleton<IClauseCheck, T>();

    private static void AddCompliance(IServiceCollection services)
    {
        services.AddSingleton(_ => ClauseCatalogue.ReadEmbedded());
        services.AddSingleton<ClauseChecks>();
        services.AddSingleton<CheckPosture>();
        services.AddHostedService<HourlyPosture>();
        services.AddSingleton<Processors>();
        services.AddSingleton<RegisterExport>();
        services.AddSingleton<RegisterService>();
        services.AddClauseCheck<HostingCheck>();
        services.AddClauseCheck<AgreementCheck>();
        services.AddClauseCheck<AdequacyCheck>();
        services.AddFoundationChecks();
        services.AddSingleton<ComplianceService>();
    }

    private static void MapCompliance(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<ComplianceService>();
        routes.MapGrpcService<RegisterService>();
    }
}
