using Kalisecu.Findings;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Reports;

/// <summary>Who sees which reports: to members, only published ones exist.</summary>
internal static class ReportList
{
    public static IQueryable<Report> Visible(KalisecuDb db, Caller caller)
    {
        var tenantId = caller.Tenant;
        var reports = db.Set<Report>().Where(r => r.TenantId == tenantId);
        return caller.Person is { IsStaff: true } ? reports : reports.Where(r => r.State == ReportState.Published);
    }

    public static IQueryable<Report> Query(
        KalisecuDb db,
        Caller caller,
        Guid? siteId,
        IReadOnlyList<ReportState> states,
        IReadOnlyList<string>? after
    )
    {
        var reports = Visible(db, caller);
        if (siteId is { } site)
        {
            reports = reports.Where(r => r.SiteId == site);
        }

        reports =
            states.Count == 0 || caller.Person is not { IsStaff: true }
                ? reports.Where(r => r.State != ReportState.Discarded)
                : reports.Where(r => states.Contains(r.State));
        if (after is not null)
        {
            var (time, id) = (Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
            reports = reports.Where(r =>
                EF.Functions.LessThan(ValueTuple.Create(r.CreateTime, r.ReportId), ValueTuple.Create(time, id))
            );
        }

        return reports.OrderByDescending(r => r.CreateTime).ThenByDescending(r => r.ReportId);
    }
}
