using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.PrivacyRequests;

/// <summary>Reads requests for callers: one with its persons and originals, or a page of them.</summary>
internal sealed class RequestLists(KeyRing keys, IClock clock)
{
    public async Task<V1.PrivacyRequest> WriteAsync(
        KalisecuDb db,
        PrivacyRequest request,
        Person? person,
        CancellationToken cancellationToken
    ) => (await WriteAsync(db, [request], person, cancellationToken))[0];

    public async Task<(IReadOnlyList<V1.PrivacyRequest> Requests, string NextPageToken)> ListAsync(
        KalisecuDb db,
        RequestFilter filter,
        Person? person,
        CancellationToken cancellationToken
    )
    {
        var rows = await After(Matching(db, filter, person), filter.Page)
            .AsNoTracking()
            .OrderBy(r => r.DueDate)
            .ThenBy(r => r.PrivacyRequestId)
            .Take(filter.Page.Size + 1)
            .ToListAsync(cancellationToken);
        var token = PageKeys.Next(
            filter.Page,
            rows,
            r => [LocalDatePattern.Iso.Format(r.DueDate), r.PrivacyRequestId.ToString("D")]
        );
        return (await WriteAsync(db, [.. rows.Take(filter.Page.Size)], person, cancellationToken), token);
    }

    private IQueryable<PrivacyRequest> Matching(KalisecuDb db, RequestFilter filter, Person? person)
    {
        var query = RequestRecords.Visible(db, person);
        if (filter.States.Count > 0)
        {
            query = query.Where(r => filter.States.Contains(r.State));
        }

        if (filter.DueBy is { } dueBy)
        {
            query = query.Where(r => r.DueDate <= dueBy);
        }

        if (filter.Overdue)
        {
            // A clock that stands passes no date, unless it had passed it before.
            var today = Paris.DateOf(clock.GetCurrentInstant());
            query = query.Where(r =>
                r.CloseTime == null && (r.SuspendDate ?? today) > (r.SuspendedDueDate ?? r.DueDate)
            );
        }

        return filter.PersonId is { } personId
            ? query.Where(r =>
                db.Set<RequestSubject>()
                    .Any(s =>
                        s.TenantId == r.TenantId && s.PrivacyRequestId == r.PrivacyRequestId && s.PersonId == personId
                    )
            )
            : query;
    }

    private static IQueryable<PrivacyRequest> After(IQueryable<PrivacyRequest> query, PageRequest page)
    {
        if (page.After is not { } after)
        {
            return query;
        }

        var (date, id) = (PageKeys.Date(after[0]), PageKeys.Id(after[1]));
        return query.Where(r =>
            EF.Functions.GreaterThan(ValueTuple.Create(r.DueDate, r.PrivacyRequestId), ValueTuple.Create(date, id))
        );
    }

    private async Task<IReadOnlyList<V1.PrivacyRequest>> WriteAsync(
        KalisecuDb db,
        IReadOnlyList<PrivacyRequest> requests,
        Person? person,
        CancellationToken cancellationToken
    )
    {
        var ids = requests.Select(r => r.PrivacyRequestId).ToList();
        var subjects = (
            await db.Set<RequestSubject>()
                .AsNoTracking()
                .Where(s => s.TenantId == TenantScope.Platform && ids.Contains(s.PrivacyRequestId))
                .OrderBy(s => s.AddTime)
                .ThenBy(s => s.PersonId)
                .ToListAsync(cancellationToken)
        ).ToLookup(s => s.PrivacyRequestId);
        var originals = (
            await db.Set<RequestOriginal>()
                .AsNoTracking()
                .Where(o => o.TenantId == TenantScope.Platform && ids.Contains(o.PrivacyRequestId))
                .OrderBy(o => o.OriginalId)
                .ToListAsync(cancellationToken)
        ).ToLookup(o => o.PrivacyRequestId);
        var (key, now) = (keys.For(TenantScope.Platform), clock.GetCurrentInstant());
        return
        [
            .. requests.Select(r =>
                PrivacyRequestProto.Write(
                    r,
                    [.. subjects[r.PrivacyRequestId]],
                    originals[r.PrivacyRequestId],
                    person,
                    key,
                    now
                )
            ),
        ];
    }
}
