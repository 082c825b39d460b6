using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Rights;

/// <summary>An operator's decision that a journal whose length is lost is whole: evidence first, then its length is written anew.</summary>
internal sealed class AcceptJournal(
    ErasureJournal journal,
    AllTenants allTenants,
    EvidenceLog evidence,
    ILogger<AcceptJournal> log
)
{
    private static readonly Guid Subject = Ids.FromContent("erasure_journal"u8);

    public Task<bool> RunAsync(CancellationToken cancellationToken) =>
        journal.AcceptAsync(count => RecordAsync(count, cancellationToken), cancellationToken);

    private async Task RecordAsync(long count, CancellationToken cancellationToken)
    {
        await allTenants.RunAsync(
            async db =>
            {
                await evidence.AppendAsync(
                    db,
                    "erasure_journal.accepted_without_head",
                    Subject,
                    "operator",
                    new Dictionary<string, object?>(StringComparer.Ordinal) { ["entries"] = count },
                    cancellationToken
                );
                return true;
            },
            cancellationToken
        );
        RightsLog.JournalAccepted(log, count);
    }
}
