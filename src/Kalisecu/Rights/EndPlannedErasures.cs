using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>Gives up the erasures of a request that is withdrawn, or whose erasure is refused, while none has begun.</summary>
internal sealed class EndPlannedErasures(EvidenceLog evidence) : IRequestObserver
{
    public async Task EndingAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        IReadOnlyList<Right> rights,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (!rights.Contains(Right.Erasure))
        {
            return;
        }

        // Locked before the request's row, as workers do it.
        var erasures = await db.Set<Erasure>()
            .FromSql(
                $"select *, xmin from erasures where privacy_request_id = {privacyRequestId} and state in ('Planned', 'Approved', 'Running') order by erasure_id for update"
            )
            .ToListAsync(cancellationToken);
        foreach (var erasure in erasures)
        {
            if (!erasure.IsStillUndone)
            {
                throw RightsErrors.ErasureUnderWay(erasure.ErasureId);
            }

            erasure.GiveUp();
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var erasure in erasures)
        {
            await RecordAsync(evidence, db, erasure, actor, cancellationToken);
        }
    }

    /// <summary>In the platform's chain, as nobody of the tenant is at work.</summary>
    public static Task RecordAsync(
        EvidenceLog evidence,
        KalisecuDb db,
        Erasure erasure,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            "erasure.cancelled",
            erasure.ErasureId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["tenant"] = erasure.TenantId.ToString("D"),
                ["privacy_request"] = erasure.PrivacyRequestId.ToString("D"),
            },
            cancellationToken
        );
}
