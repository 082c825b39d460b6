using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>
/// Carries out approved erasures, store by store. Whatever ends the process, at whatever moment, another run carries on: a
/// receipt is committed with the deletion it speaks of, and an erasure whose claim has run out is anybody's.
/// </summary>
internal sealed class ExecuteErasure(
    ClaimErasures claims,
    ErasureJournal journal,
    ErasureSteps steps,
    IClock clock,
    ILogger<ExecuteErasure> log
)
{
    // So many share one flush of the journal.
    private const int BatchSize = 32;

    // As many as two cores and one database keep busy; each works in one transaction at a time.
    private const int AtOnce = 4;

    /// <summary>Works until nothing is due.</summary>
    /// <returns>How many were completed.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var completed = 0;
        while (await RunBatchAsync(cancellationToken) is { } done)
        {
            completed += done;
        }

        return completed;
    }

    /// <summary>Claims some and carries them out; answers how many were completed, null when nothing was due.</summary>
    private async Task<int?> RunBatchAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        var claimId = Ids.New(now);
        var (claimed, dueCount) = await claims.RunAsync(claimId, BatchSize, cancellationToken);
        if (dueCount == 0)
        {
            return null;
        }

        // A worker that died may or may not have written them; an entry that stands there twice does no harm.
        await journal.AppendAsync([.. claimed.Select(e => JournalEntry.Of(JournalEvent.Begun, e))], cancellationToken);
        var completed = new System.Collections.Concurrent.ConcurrentBag<Erasure>();
        await Parallel.ForEachAsync(
            // Two of one person would meet in the same rows.
            claimed.GroupBy(e => e.Person),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (ofPerson, cancel) =>
            {
                foreach (var erasure in ofPerson)
                {
                    if (await RunOneAsync(erasure, claimId, cancel))
                    {
                        completed.Add(erasure);
                    }
                }
            }
        );
        await journal.AppendAsync(
            [.. completed.Select(e => JournalEntry.Of(JournalEvent.Completed, e))],
            cancellationToken
        );
        return completed.Count;
    }

    private async Task<bool> RunOneAsync(Erasure erasure, Guid claimId, CancellationToken cancellationToken)
    {
        try
        {
            return await steps.RunAsync(erasure, claimId, cancellationToken);
        }
#pragma warning disable CA1031 // One erasure that fails must not end the others; its claim runs out, and it is tried again.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            RightsLog.ErasureFailed(log, exception, erasure.ErasureId);
            return false;
        }
    }
}
