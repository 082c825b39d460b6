using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>
/// Clause SEC-5: the newest entries of the newest chains follow one another up to what their roots name. The whole log is
/// computed anew by <see cref="AccessLogVerification"/>, which takes minutes.
/// </summary>
internal sealed class NewestEntriesCheck(RestrictedRows rows) : IClauseCheck
{
    // A look every hour need not see more than what was written since, of the processes that run.
    private const int Chains = 16;
    private const int EntriesOfEach = 500;

    public string ClauseId => "SEC-5";

    public string Name => "newest-entries";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        rows.InAllTenantsAsync(db => LookAsync(db, cancellationToken), cancellationToken);

    private static async Task<ClauseFinding> LookAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        // The roots first: what is written meanwhile only makes chains longer than their roots say.
        var roots = await db.Set<AccessRoot>()
            .AsNoTracking()
            .Where(r => r.ExpireTime == null)
            .OrderByDescending(r => r.Month)
            .ThenByDescending(r => r.WriterId)
            .Take(Chains)
            .ToListAsync(cancellationToken);
        if (roots.Count == 0)
        {
            return ClauseFinding.Unproven("Nothing was logged yet.");
        }

        long entries = 0;
        foreach (var root in roots)
        {
            var found = await ReadAsync(db, root, cancellationToken);
            entries += found.Count;
            if (FirstBreak(root, found) is { } sequence)
            {
                return ClauseFinding.Broken(
                    $"Entry {sequence} of the chain {root.WriterId:D} is missing or was changed.",
                    ("chains", roots.Count),
                    ("sequence", sequence)
                );
            }
        }

        return ClauseFinding.Holds(
            $"The newest {entries} entries in {roots.Count} chains follow one another up to their roots.",
            ("chains", roots.Count),
            ("entries", entries)
        );
    }

    private static Task<List<AccessEntry>> ReadAsync(
        KalisecuDb db,
        AccessRoot root,
        CancellationToken cancellationToken
    )
    {
        var first = Math.Max(root.FirstSequence, root.LastSequence - EntriesOfEach + 1);
        return db.Set<AccessEntry>()
            .AsNoTracking()
            .Where(e => e.WriterId == root.WriterId && e.Sequence >= first && e.Sequence <= root.LastSequence)
            .OrderBy(e => e.Sequence)
            .ToListAsync(cancellationToken);
    }

    private static long? FirstBreak(AccessRoot root, List<AccessEntry> entries)
    {
        var hash = new AccessHash();
        var sequence = Math.Max(root.FirstSequence, root.LastSequence - EntriesOfEach + 1);
        byte[]? previous = sequence == root.FirstSequence ? root.PreviousHash : null;
        foreach (var entry in entries)
        {
            var follows = previous is null || entry.PreviousHash.AsSpan().SequenceEqual(previous);
            if (entry.Sequence != sequence || !follows || !hash.Of(entry).AsSpan().SequenceEqual(entry.Hash))
            {
                return sequence;
            }

            (previous, sequence) = (entry.Hash, sequence + 1);
        }

        return sequence == root.LastSequence + 1 && previous.AsSpan().SequenceEqual(root.LastHash) ? null : sequence;
    }
}
