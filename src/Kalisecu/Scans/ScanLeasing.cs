using Kalisecu.Errors;
using Kalisecu.Hosting;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NpgsqlTypes;

namespace Kalisecu.Scans;

/// <summary>A lease with what its holder must know.</summary>
internal sealed record LeaseGrant(Scan Scan, SitePlace Place);

/// <summary>Gives scans to agents: one at a time in a tenant, so that a lease never crosses a revocation.</summary>
internal sealed class ScanLeasing(ServerSettings settings, IClock clock)
{
    private Duration Validity => Duration.FromMinutes(settings.Agents.LeaseMinutes);

    /// <summary>The scan that has been due longest, or null.</summary>
    public async Task<LeaseGrant?> LeaseNextAsync(
        KalisecuDb db,
        Guid agentId,
        IReadOnlyCollection<string> tools,
        CancellationToken cancellationToken
    )
    {
        await LockAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        await ReleaseJobsAsync(db, now, cancellationToken);
        await using var command = db.RawCommand(ScanSql.NextDue);
        command.Parameters.AddWithValue(db.TenantId());
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, tools.ToArray());
        if (await command.ExecuteScalarAsync(cancellationToken) is not Guid scanId)
        {
            return null;
        }

        var scan = await FindAsync(db, scanId, cancellationToken) ?? throw GeneralErrors.NotFound("scan", scanId);
        return await LeaseAsync(db, scan, agentId, now, cancellationToken);
    }

    /// <summary>Makes and leases an agent's own scan; a known one is resumed.</summary>
    public async Task<LeaseGrant> StartAsync(
        KalisecuDb db,
        Guid agentId,
        Guid scanId,
        ScanDraft draft,
        CancellationToken cancellationToken
    )
    {
        await LockAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var scan = await FindAsync(db, scanId, cancellationToken);
        if (scan is null)
        {
            scan = Scan.Create(db.TenantId(), scanId, draft, now);
            db.Add(scan);
        }
        else if (!scan.Is(draft))
        {
            throw ScanErrors.Differs(scanId);
        }

        if (scan.IsLeasedTo(agentId, now))
        {
            return new LeaseGrant(scan, await SitePlace.GetAsync(db, scan.SiteId, now, cancellationToken));
        }

        return await LeaseAsync(db, scan, agentId, now, cancellationToken);
    }

    public async Task<LeaseGrant> RenewAsync(
        KalisecuDb db,
        Guid agentId,
        Guid leaseId,
        CancellationToken cancellationToken
    )
    {
        var tenantId = db.TenantId();
        var scan =
            await db.Set<Scan>()
                .SingleOrDefaultAsync(s => s.TenantId == tenantId && s.LeaseId == leaseId, cancellationToken)
            ?? throw ScanErrors.NoLease(Guid.Empty);
        var now = clock.GetCurrentInstant();
        scan.DemandLease(agentId, leaseId, now);
        var place = await SitePlace.GetAsync(db, scan.SiteId, now, cancellationToken);
        scan.RenewLease(agentId, place.DemandAuthorisation(tenantId), now, Validity);
        await db.SaveChangesAsync(cancellationToken);
        return new LeaseGrant(scan, place);
    }

    /// <summary>Ends a scan that brings no result; the same end again changes nothing.</summary>
    public async Task EndAsync(
        KalisecuDb db,
        Guid agentId,
        (Guid ScanId, Guid LeaseId) lease,
        string message,
        CancellationToken cancellationToken
    )
    {
        var scan = await FindAsync(db, lease.ScanId, cancellationToken) ?? throw ScanErrors.NoLease(lease.ScanId);
        if (scan.HasFailed(agentId, lease.LeaseId, message))
        {
            return;
        }

        scan.Fail(agentId, lease.LeaseId, message, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
    }

    internal static async Task LockAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        await using var command = db.RawCommand(ScanSql.LockLeasing);
        command.Parameters.AddWithValue(Ids.LockKey($"kalisecu/leasing/{db.TenantId():D}"));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<LeaseGrant> LeaseAsync(
        KalisecuDb db,
        Scan scan,
        Guid agentId,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var place = await SitePlace.GetAsync(db, scan.SiteId, now, cancellationToken);
        var authorisationId = place.DemandAuthorisation(scan.TenantId);
        scan.Lease(agentId, Ids.New(now), authorisationId, now, Validity);
        await ClearPlaceAsync(db, scan, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new LeaseGrant(scan, place);
    }

    // The index of running scans allows one a place: an abandoned one gives way, a living one refuses.
    private static async Task ClearPlaceAsync(
        KalisecuDb db,
        Scan scan,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var tenantId = scan.TenantId;
        var other = await db.Set<Scan>()
            .AsNoTracking()
            .Where(s => s.TenantId == tenantId && s.SiteId == scan.SiteId && s.Tool == scan.Tool)
            .Where(s => s.ScanId != scan.ScanId)
            .SingleOrDefaultAsync(s => s.State == ScanState.Leased || s.State == ScanState.Pushing, cancellationToken);
        if (other is null)
        {
            return;
        }

        if (!other.IsAbandoned(now))
        {
            throw ScanErrors.SiteBusy(scan.SiteId, scan.Tool);
        }

        var before = other.State;
        other.Release(now);
        // Written by itself: the index is looked at row by row, and the mapper does not promise an order.
        await db.Set<Scan>()
            .Where(s => s.TenantId == tenantId && s.ScanId == other.ScanId && s.State == before)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(x => x.State, other.State)
                        .SetProperty(x => x.Message, other.Message)
                        .SetProperty(x => x.FinishTime, other.FinishTime),
                cancellationToken
            );
    }

    private static Task<int> ReleaseJobsAsync(KalisecuDb db, Instant now, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId();
        return db.Set<Scan>()
            .Where(s => s.TenantId == tenantId && !s.AgentInitiated && s.LeaseExpireTime <= now)
            .Where(s => s.State == ScanState.Leased || s.State == ScanState.Pushing)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.State, ScanState.Due), cancellationToken);
    }

    private static Task<Scan?> FindAsync(KalisecuDb db, Guid scanId, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId();
        return db.Set<Scan>()
            .SingleOrDefaultAsync(s => s.TenantId == tenantId && s.ScanId == scanId, cancellationToken);
    }
}
