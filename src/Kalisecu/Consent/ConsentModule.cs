using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Outbox;
using Kalisecu.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kalisecu.Consent;

internal static class ConsentModule
{
    public static Capability Capability =>
        new([V1.PurposeService.Descriptor, V1.ConsentService.Descriptor], AddConsent, MapConsent);

    /// <summary>What workers need as well as servers: the ledger, the check before each use, and what the ledger holds of persons; once, however many ask.</summary>
    public static IServiceCollection AddConsentRules(this IServiceCollection services)
    {
        services.TryAddSingleton<TenantReads>();
        services.TryAddSingleton<ConsentLedger>();
        services.TryAddSingleton<PurposeBases>();
        services.TryAddSingleton<ProcessingCheck>();
        services.TryAddSingleton<ExpireConsents>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILetterGate, MarketingGate>());
        return services;
    }

    /// <summary>For the delivery worker.</summary>
    public static WorkerJobs Jobs { get; } =
        new(
            static services => services.AddConsentRules(),
            WorkerJob.Of<ExpireConsentsJob>(ExpireConsentsJob.Definition)
        );

    private static void AddConsent(IServiceCollection services)
    {
        services.AddConsentRules();
        services.AddSingleton<Purposes>();
        services.AddSingleton<PurposeService>();
        services.AddSingleton<ReceiptKeys>();
        services.AddSingleton<ReceiptParties>();
        services.AddSingleton<ConsentReceipt>();
        services.AddSingleton<WriteReceipt>();
        services.AddSingleton<ConsentService>();
        services.AddClauseCheck<PurposeCheck>();
        services.AddClauseCheck<LegalBasisCheck>();
    }

    private static void MapConsent(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<PurposeService>();
        routes.MapGrpcService<ConsentService>();
    }
}
