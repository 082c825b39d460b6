using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>
/// Computes all chains anew, streaming: memory grows with the number of writers, not of entries. The roots are read before
/// the entries, so that what is written meanwhile only makes chains longer than their roots say. Entries of persons whose
/// processing is restricted count too: the log protects everybody else, and its answer names nobody.
/// </summary>
internal sealed class AccessLogVerification(RestrictedRows rows, ILogger<AccessLogVerification> log)
{
    // The answer names the first break of each chain; more chains than this are one disaster, not a list.
    private const int MaximumBreaks = 100;

    private static readonly long Lock = Ids.LockKey("kalisecu/access-log/verification");

    // A verification reads for minutes.
    private static readonly Duration RetryAfter = Duration.FromMinutes(1);

    public async Task<AccessLogFindings> RunAsync(CancellationToken cancellationToken)
    {
        var found = await rows.InAllTenantsAsync(db => VerifyAsync(db, cancellationToken), cancellationToken);
        foreach (var one in found.Breaks)
        {
            AccessLogLog.Broken(log, one.Kind, one.Sequence, one.WriterId);
        }

        return found;
    }

    private static async Task<AccessLogFindings> VerifyAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var locked = await db
            .Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({Lock}) as \"Value\"")
            .SingleAsync(cancellationToken);
        if (!locked)
        {
            throw GeneralErrors.LimitExceeded("verifications at a time", RetryAfter);
        }

        var chains = await ReadRootsAsync(db, cancellationToken);
        var count = await FollowAsync(db, chains, cancellationToken);

        // A writer that began meanwhile has a root by now; whoever has none lost it.
        var anchored = (await ReadRootsAsync(db, cancellationToken)).Keys.ToHashSet();
        foreach (var (writer, chain) in chains)
        {
            chain.End(anchored.Contains(writer));
        }

        var breaks = chains.Values.Select(c => c.Break).OfType<ChainBreak>().Take(MaximumBreaks).ToList();
        return new AccessLogFindings(chains.Count, count, breaks);
    }

    private static async Task<long> FollowAsync(
        KalisecuDb db,
        Dictionary<Guid, ChainCheck> chains,
        CancellationToken cancellationToken
    )
    {
        var hash = new AccessHash();
        long count = 0;
        var entries = db.Set<AccessEntry>()
            .AsNoTracking()
            .OrderBy(e => e.WriterId)
            .ThenBy(e => e.Sequence)
            .AsAsyncEnumerable();
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            count++;
            if (!chains.TryGetValue(entry.WriterId, out var chain))
            {
                chains.Add(entry.WriterId, chain = new ChainCheck(entry.WriterId, []));
            }

            chain.Take(entry, hash);
        }

        return count;
    }

    private static async Task<Dictionary<Guid, ChainCheck>> ReadRootsAsync(
        KalisecuDb db,
        CancellationToken cancellationToken
    )
    {
        var roots = await db.Set<AccessRoot>().AsNoTracking().OrderBy(r => r.Month).ToListAsync(cancellationToken);
        return roots.GroupBy(r => r.WriterId).ToDictionary(g => g.Key, g => new ChainCheck(g.Key, [.. g]));
    }
}
