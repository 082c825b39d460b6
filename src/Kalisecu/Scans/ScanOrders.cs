using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Scans;

/// <summary>What staff order: a scan for any agent, or its end.</summary>
internal sealed class ScanOrders(EvidenceLog evidence, IClock clock)
{
    public async Task<Scan> CreateAsync(
        KalisecuDb db,
        ScanDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        // The site cannot close before this has committed: nothing would cancel a scan that it does not see.
        await Sites.FindOpenAsync(db, draft.SiteId, cancellationToken);
        var now = clock.GetCurrentInstant();
        var place = await SitePlace.GetAsync(db, draft.SiteId, draft.DueTime ?? now, cancellationToken);
        place.DemandAuthorisation(db.TenantId());
        var scan = Scan.Create(db.TenantId(), Ids.New(now), draft, now);
        db.Add(scan);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, "scan.created", scan, actor, cancellationToken);
        return scan;
    }

    public async Task<Scan> CancelAsync(
        KalisecuDb db,
        Guid scanId,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await ScanLeasing.LockAsync(db, cancellationToken);
        var scan = await FindAsync(db, scanId, cancellationToken);
        scan.Cancel(reason, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await Revocations.PublishAsync(db, Revocations.Scan(scanId), cancellationToken);
        await RecordAsync(db, "scan.cancelled", scan, actor, cancellationToken);
        return scan;
    }

    public static async Task<Scan> FindAsync(KalisecuDb db, Guid scanId, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId();
        return await db.Set<Scan>()
                .SingleOrDefaultAsync(s => s.TenantId == tenantId && s.ScanId == scanId, cancellationToken)
            ?? throw GeneralErrors.NotFound("scan", scanId);
    }

    private Task RecordAsync(
        KalisecuDb db,
        string kind,
        Scan scan,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            scan.ScanId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["site_id"] = scan.SiteId.ToString("D"),
                ["tool"] = scan.Tool,
            },
            cancellationToken
        );
}
