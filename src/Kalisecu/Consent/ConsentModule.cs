using Kalisecu.Hosting;
using Kalisecu.Persons;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Consent;

internal static class ConsentModule
{
    public static Capability Capability =>
        new([V1.PurposeService.Descriptor, V1.ConsentService.Descriptor], AddConsent, MapConsent);

    /// <summary>What workers need as well as servers: the ledger, the check before each use, and what the ledger holds of persons.</summary>
    public static IServiceCollection AddConsentRules(this IServiceCollection services)
    {
        services.AddSingleton<ConsentLedger>();
        services.AddSingleton<PurposeBases>();
        services.AddSingleton<ProcessingCheck>();
        services.AddSingleton<ExpireConsents>();
        services.AddSingleton<IPersonStore, ConsentErasure>();
        return services;
    }

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
    }

    private static void MapConsent(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<PurposeService>();
        routes.MapGrpcService<ConsentService>();
    }
}
