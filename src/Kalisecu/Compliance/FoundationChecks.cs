using Kalisecu.Hosting;
using Kalisecu.Letters;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Compliance;

/// <summary>Registers the checks that stand beside the foundations, which know no module of their own.</summary>
internal static class FoundationChecks
{
    public static IServiceCollection AddFoundationChecks(this IServiceCollection services) =>
        services
            .AddSingleton<DatabaseCatalogue>()
            .AddClauseCheck<ListenerTlsCheck>()
            .AddClauseCheck<DatabaseLinkCheck>()
            .AddClauseCheck<RowSecurityCheck>()
            .AddClauseCheck<ConfidentialityCheck>()
            .AddClauseCheck<SealedColumnsCheck>()
            .AddClauseCheck<StoredObjectsCheck>()
            .AddClauseCheck<HeldColumnsCheck>()
            .AddClauseCheck<CardDataCheck>()
            .AddClauseCheck<NoPageCheck>()
            .AddClauseCheck<LetterControllerCheck>()
            .AddClauseCheck<LetterAuthorityCheck>()
            .AddClauseCheck<SentAnswersCheck>()
            .AddClauseCheck<ProspectRetentionCheck>();
}
