using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Persons;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.Rights;

internal static class RightsModule
{
    public static Capability Capability { get; } = new([], AddRights, MapRights);

    /// <summary>What carrying out erasures needs, in whichever process.</summary>
    public static IServiceCollection AddErasures(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ErasureJournal(
            provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<ErasureJournalFolder>().Path,
            provider.GetRequiredService<IClock>()
        ));
        services.AddSingleton<JournalGate>();
        services.AddSingleton<CompleteErasure>();
        services.AddSingleton<ErasureSteps>();
        services.AddSingleton<ExecuteErasure>();
        services.AddSingleton<ReplayErasures>();
        services.AddSingleton<RemoveExpiredExports>();
        services.AddSingleton<IPersonStore, RightsStore>();
        return services;
    }

    /// <summary>What staff and persons do themselves.</summary>
    public static IServiceCollection AddRightsOfPersons(this IServiceCollection services)
    {
        services.AddSingleton<Recipients>();
        services.AddSingleton<RecipientNotices>();
        services.AddSingleton<CreateExport>();
        services.AddSingleton<ExportLinks>();
        services.AddSingleton<ReadExport>();
        services.AddSingleton<RectifyPerson>();
        services.AddSingleton<RestrictPerson>();
        services.AddSingleton<ObjectToProcessing>();
        services.AddSingleton<PlanErasure>();
        return services;
    }

    private static void AddRights(IServiceCollection services)
    {
        services.AddErasures();
        services.AddRightsOfPersons();
        services.AddHostedService<RefuseUntilReplayed>();
    }

    private static void MapRights(IEndpointRouteBuilder routes) { }
}
