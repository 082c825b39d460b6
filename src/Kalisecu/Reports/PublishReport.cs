using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Reports;

/// <summary>Decides what becomes of a draft: the client sees it, or nobody does.</summary>
internal sealed class PublishReport(EvidenceLog evidence, IClock clock)
{
    public async Task<Report> PublishAsync(
        KalisecuDb db,
        Caller caller,
        Guid reportId,
        string etag,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var report = await LockAsync(db, caller.Tenant, reportId, etag, cancellationToken);

        // One publication of a site at a time, so that versions have no gap and no twin.
        var key = Ids.LockKey($"report version of {report.SiteId:D}");
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        var last = await db.Set<Report>()
            .Where(r => r.TenantId == report.TenantId && r.SiteId == report.SiteId)
            .MaxAsync(r => r.Version, cancellationToken);
        report.Publish((last ?? 0) + 1, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "report.published",
            reportId,
            caller.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["digest"] = Convert.ToHexStringLower(report.Digest),
                ["version"] = report.Version,
                ["occurrences"] = report.OccurrenceCount,
            },
            cancellationToken
        );
        return report;
    }

    public static async Task<Report> DiscardAsync(
        KalisecuDb db,
        Caller caller,
        Guid reportId,
        string etag,
        CancellationToken cancellationToken
    )
    {
        var report = await LockAsync(db, caller.Tenant, reportId, etag, cancellationToken);
        report.Discard();
        await db.SaveChangesAsync(cancellationToken);
        return report;
    }

    private static async Task<Report> LockAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid reportId,
        string etag,
        CancellationToken cancellationToken
    )
    {
        var found = await db.Set<Report>()
            .FromSql(
                $"select *, xmin from reports where tenant_id = {tenantId} and report_id = {reportId} for no key update"
            )
            .ToListAsync(cancellationToken);
        if (found is not [var report])
        {
            throw ReportErrors.Absent(reportId);
        }

        Etag.Require(etag, Etag.VersionOf(db, report), "report");
        return report;
    }
}
