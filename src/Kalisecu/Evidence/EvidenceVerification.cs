using System.Security.Cryptography;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Evidence;

/// <summary>What a look at all chains of evidence found.</summary>
/// <param name="Breaks">The first break of each broken chain, in words.</param>
internal sealed record EvidenceFindings(int Chains, long Entries, IReadOnlyList<string> Breaks);

/// <summary>
/// Computes all chains of evidence anew, streaming. For a superuser's connection, on a restored database: no role of the
/// platform sees the evidence of all tenants.
/// </summary>
internal sealed class EvidenceVerification(AllTenants allTenants)
{
    public Task<EvidenceFindings> RunAsync(CancellationToken cancellationToken) =>
        allTenants.RunAsync(db => VerifyAsync(db, cancellationToken), cancellationToken);

    private static async Task<EvidenceFindings> VerifyAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var heads = await db.Set<EvidenceHead>()
            .AsNoTracking()
            .ToDictionaryAsync(h => h.TenantId, h => h, cancellationToken);
        var ends = new Dictionary<Guid, (long Sequence, byte[] Hash)>();
        var broken = new SortedDictionary<Guid, long>();
        long count = 0;
        var entries = db.Set<EvidenceEntry>()
            .AsNoTracking()
            .OrderBy(e => e.TenantId)
            .ThenBy(e => e.Sequence)
            .AsAsyncEnumerable();
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            count++;
            var (sequence, hash) = ends.GetValueOrDefault(entry.TenantId, (0, new byte[SHA256.HashSizeInBytes]));
            if (!Follows(entry, sequence, hash))
            {
                broken.TryAdd(entry.TenantId, sequence + 1);
            }

            ends[entry.TenantId] = (entry.Sequence, entry.Hash);
        }

        foreach (var (tenant, head) in heads)
        {
            var (sequence, hash) = ends.GetValueOrDefault(tenant, (0, new byte[SHA256.HashSizeInBytes]));
            if (head.Sequence != sequence || !head.Hash.AsSpan().SequenceEqual(hash))
            {
                broken.TryAdd(tenant, sequence + 1);
            }
        }

        foreach (var tenant in ends.Keys.Where(t => !heads.ContainsKey(t)))
        {
            broken.TryAdd(tenant, 1);
        }

        return new EvidenceFindings(
            ends.Count,
            count,
            [.. broken.Select(b => $"The evidence of {b.Key:D} is broken at entry {b.Value}.")]
        );
    }

    private static bool Follows(EvidenceEntry entry, long sequence, byte[] hash) =>
        entry.Sequence == sequence + 1
        && entry.PreviousHash.AsSpan().SequenceEqual(hash)
        && entry.ComputeHash().AsSpan().SequenceEqual(entry.Hash);
}
