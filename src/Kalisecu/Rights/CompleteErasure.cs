using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>The end of an erasure: only when every registered store has acknowledged, and then with a certificate.</summary>
internal sealed class CompleteErasure(PersonStores stores, EvidenceLog evidence)
{
    public async Task RunAsync(KalisecuDb db, Erasure erasure, Instant now, CancellationToken cancellationToken)
    {
        var steps = await StepsOf(db, erasure.TenantId, erasure.ErasureId).ToListAsync(cancellationToken);
        var acknowledged = steps
            .Where(s => s.CompleteTime is not null)
            .Select(s => s.Store)
            .ToHashSet(StringComparer.Ordinal);
        if (stores.All.FirstOrDefault(s => !acknowledged.Contains(s.Name)) is { } missing)
        {
            throw new InvalidOperationException($"The store {missing.Name} has not acknowledged an erasure that ends.");
        }

        erasure.Complete(now);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            erasure.IsReplay ? "erasure.replayed" : "erasure.completed",
            erasure.ErasureId,
            ErasureSteps.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["privacy_request"] = erasure.PrivacyRequestId.ToString("D"),
                ["stores"] = steps.Count,
                ["erased"] = steps.Sum(s => s.ErasedCount ?? 0),
                ["kept"] = steps.Sum(s => KeptJson.Read(s.Kept).Sum(k => k.Count)),
            },
            cancellationToken
        );
    }

    public static IQueryable<ErasureStep> StepsOf(KalisecuDb db, Guid tenantId, Guid erasureId) =>
        db.Set<ErasureStep>()
            .AsNoTracking()
            .Where(s => s.TenantId == tenantId && s.ErasureId == erasureId)
            .OrderBy(s => s.Position);
}
