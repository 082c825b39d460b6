using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.PrivacyRequests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NodaTime;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

internal static class RightsModule
{
    public static Capability Capability { get; } = new([V1.RightsService.Descriptor], AddRights, MapRights);

    /// <summary>What carrying out erasures needs, in whichever process.</summary>
    public static IServiceCollection AddErasures(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ErasureJournal(
            provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<ErasureJournalFolder>(),
            provider.GetRequiredService<IClock>()
        ));
        services.AddSingleton<JournalGate>();
        services.TryAddSingleton<RequestLetters>();
        services.TryAddSingleton<Recipients>();
        services.TryAddSingleton<NoticeLetter>();
        services.TryAddSingleton<RecipientNotices>();
        services.AddSingleton<ErasureCertificate>();
        services.AddSingleton<CompleteErasure>();
        services.AddSingleton<ErasureSteps>();
        services.AddSingleton<ClaimErasures>();
        services.AddSingleton<ExecuteErasure>();
        services.AddSingleton<AcceptJournal>();
        services.AddSingleton<ReplayErasures>();
        services.AddSingleton<RemoveExpiredExports>();
        services.TryAddSingleton<DropSecrets>();
        return services;
    }

    /// <summary>What staff and persons do themselves.</summary>
    public static IServiceCollection AddRightsOfPersons(this IServiceCollection services)
    {
        services.AddSingleton<ExportHeaders>();
        services.AddSingleton<CreateExport>();
        services.AddSingleton<ExportLinks>();
        services.AddSingleton<ExportLetter>();
        services.AddSingleton<ReadExport>();
        services.AddSingleton<RectifyPerson>();
        services.AddSingleton<RestrictPerson>();
        services.AddSingleton<RecordToldRecipient>();
        services.AddSingleton<LiftingLetter>();
        services.AddSingleton<LiftRestriction>();
        services.AddSingleton<ObjectionRefusal>();
        services.AddSingleton<ObjectToProcessing>();
        services.AddSingleton<PlanErasure>();
        return services;
    }

    private static void AddRights(IServiceCollection services)
    {
        services.AddErasures();
        services.AddRightsOfPersons();
        services.AddSingleton<RightsCalls>();
        services.AddSingleton<AnsweredRequests>();
        services.AddSingleton<IRequestObserver, EndPlannedErasures>();
        services.AddSingleton<IRequestObserver, OpenObjections>();
        services.AddSingleton<RightsVerbs>();
        services.AddSingleton<ExportVerbs>();
        services.AddSingleton<RightsService>();
        services.AddHostedService<RefuseUntilReplayed>();
    }

    private static void MapRights(IEndpointRouteBuilder routes) => routes.MapGrpcService<RightsService>();
}
