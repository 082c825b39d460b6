using Kalisecu.Errors;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>What was done for the rights of persons, found again in the tenant of the transaction.</summary>
internal static class RightsLists
{
    public static async Task<Restriction> RestrictionAsync(
        KalisecuDb db,
        Guid restrictionId,
        CancellationToken cancellationToken
    )
    {
        var tenant = db.Owner;
        return await db.Set<Restriction>()
                .SingleOrDefaultAsync(r => r.TenantId == tenant && r.RestrictionId == restrictionId, cancellationToken)
            ?? throw GeneralErrors.NotFound("restriction", restrictionId);
    }

    public static async Task<Erasure> ErasureAsync(KalisecuDb db, Guid erasureId, CancellationToken cancellationToken)
    {
        var tenant = db.Owner;
        return await db.Set<Erasure>()
                .SingleOrDefaultAsync(e => e.TenantId == tenant && e.ErasureId == erasureId, cancellationToken)
            ?? throw GeneralErrors.NotFound("erasure", erasureId);
    }

    /// <summary>Newest first: those of a request, or those of a person.</summary>
    public static IQueryable<DataExport> Exports(
        KalisecuDb db,
        Guid? requestId,
        Guid? personId,
        IReadOnlyList<string>? after
    )
    {
        var tenant = db.Owner;
        var exports = db.Set<DataExport>()
            .AsNoTracking()
            .Where(e => e.TenantId == tenant)
            .Where(e => requestId == null || e.PrivacyRequestId == requestId)
            .Where(e => personId == null || e.PersonId == personId);
        if (after is [var time, var id])
        {
            var (moment, last) = (Moment.ReadKey(time), PageKeys.Id(id));
            exports = exports.Where(e =>
                e.CreateTime < moment || (e.CreateTime == moment && e.ExportId.CompareTo(last) < 0)
            );
        }

        return exports.OrderByDescending(e => e.CreateTime).ThenByDescending(e => e.ExportId);
    }

    /// <summary>Newest first.</summary>
    public static IQueryable<Erasure> Erasures(KalisecuDb db, Guid? requestId, IReadOnlyList<string>? after)
    {
        var tenant = db.Owner;
        var erasures = db.Set<Erasure>()
            .AsNoTracking()
            .Where(e => e.TenantId == tenant)
            .Where(e => requestId == null || e.PrivacyRequestId == requestId);
        if (after is [var time, var id])
        {
            var (moment, last) = (Moment.ReadKey(time), PageKeys.Id(id));
            erasures = erasures.Where(e =>
                e.PlanTime < moment || (e.PlanTime == moment && e.ErasureId.CompareTo(last) < 0)
            );
        }

        return erasures.OrderByDescending(e => e.PlanTime).ThenByDescending(e => e.ErasureId);
    }

    /// <summary>Oldest first.</summary>
    public static IQueryable<RecipientNotice> Notices(KalisecuDb db, Guid requestId, IReadOnlyList<string>? after)
    {
        var tenant = db.Owner;
        var notices = db.Set<RecipientNotice>()
            .AsNoTracking()
            .Where(n => n.TenantId == tenant && n.PrivacyRequestId == requestId);
        if (after is [var time, var id])
        {
            var (moment, last) = (Moment.ReadKey(time), PageKeys.Id(id));
            notices = notices.Where(n =>
                n.CreateTime > moment || (n.CreateTime == moment && n.NoticeId.CompareTo(last) > 0)
            );
        }

        return notices.OrderBy(n => n.CreateTime).ThenBy(n => n.NoticeId);
    }
}
