using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kalisecu.Retention;

internal static class RetentionModule
{
    public static Capability Capability { get; } =
        new([V1.RetentionService.Descriptor, V1.LegalHoldService.Descriptor], AddRetention, MapRetention);

    /// <summary>What the retention worker does.</summary>
    public static WorkerJobs Jobs { get; } =
        new(
            static services => services.AddSweeps(),
            WorkerJob.Of<SweepJob>(SweepJob.Definition),
            WorkerJob.Of<AnnounceDeletions>(AnnounceDeletions.Definition),
            WorkerJob.Of<AlarmAboutHolds>(AlarmAboutHolds.Definition)
        );

    public static IServiceCollection AddSweeps(this IServiceCollection services)
    {
        services.AddRules();
        services.AddSingleton<SweepRows>();
        services.AddSingleton<SweepPersons>();
        services.AddSingleton<SweepTenants>();
        services.AddSingleton<SweepMonths>();
        services.AddSingleton<SweepRule>();
        services.AddSingleton<MoveToArchive>();
        services.AddSingleton<ForgetTenant>();
        services.AddSingleton<CertifySweeps>();
        services.AddSingleton<RecordOutlooks>();
        return services;
    }

    private static void AddRules(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => KeepingRules.OfPlatform());
        services.TryAddSingleton<DatabaseCatalogue>();
        services.TryAddSingleton<SweepSchema>();
        services.TryAddSingleton<PreviewRetention>();
        services.TryAddSingleton<WriteArchive>();
    }

    private static void AddRetention(IServiceCollection services)
    {
        services.AddRules();
        services.AddSingleton<RequestArchive>();
        services.AddSingleton<ReadArchive>();
        services.AddSingleton<PlaceHolds>();
        services.AddSingleton<RetentionService>();
        services.AddSingleton<LegalHoldService>();
        services.AddClauseCheck<ProspectSweepCheck>();
        services.AddClauseCheck<ClientSweepCheck>();
        services.AddClauseCheck<TechnicalSweepCheck>();
        services.AddClauseCheck<LogSweepCheck>();
        services.AddClauseCheck<ProspectDateCheck>();
        services.AddClauseCheck<ClientDateCheck>();
        services.AddClauseCheck<TechnicalDateCheck>();
        services.AddClauseCheck<LogDateCheck>();
        services.AddClauseCheck<InvoiceCheck>();
        services.AddClauseCheck<HoldReviewCheck>();
    }

    private static void MapRetention(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<RetentionService>();
        routes.MapGrpcService<LegalHoldService>();
    }
}
