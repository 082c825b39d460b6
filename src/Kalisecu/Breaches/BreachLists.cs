using Kalisecu.Letters;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Reads breaches for callers: one with all that belongs to it, or a page of them; and their recipients.</summary>
internal sealed class BreachLists(BreachRecords records, ControllerProfile controller, IClock clock)
{
    public async Task<V1.Breach> WriteAsync(KalisecuDb db, Breach breach, CancellationToken cancellationToken) =>
        (await WriteAsync(db, [breach], cancellationToken))[0];

    public async Task<(IReadOnlyList<V1.Breach> Breaches, string NextPageToken)> ListAsync(
        KalisecuDb db,
        (IReadOnlyList<BreachState> States, bool Drills, PageRequest Page) filter,
        CancellationToken cancellationToken
    )
    {
        var query = db.Set<Breach>().AsNoTracking().Where(b => b.TenantId == TenantScope.Platform);
        query = query.Where(b => b.Drill == filter.Drills);
        if (filter.States.Count > 0)
        {
            query = query.Where(b => filter.States.Contains(b.State));
        }

        if (filter.Page.After is { } after)
        {
            var (time, id) = (Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
            query = query.Where(b =>
                EF.Functions.LessThan(ValueTuple.Create(b.CreateTime, b.BreachId), ValueTuple.Create(time, id))
            );
        }

        var rows = await query
            .OrderByDescending(b => b.CreateTime)
            .ThenByDescending(b => b.BreachId)
            .Take(filter.Page.Size + 1)
            .ToListAsync(cancellationToken);
        var token = PageKeys.Next(filter.Page, rows, b => b.CreateTime, b => b.BreachId);
        return (await WriteAsync(db, [.. rows.Take(filter.Page.Size)], cancellationToken), token);
    }

    public static async Task<(IReadOnlyList<V1.BreachRecipient> Recipients, string NextPageToken)> RecipientsAsync(
        KalisecuDb db,
        Breach breach,
        BreachAudience? audience,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var query = BreachRecords.Recipients(db, breach).AsNoTracking();
        if (audience is { } only)
        {
            query = query.Where(r => r.Audience == only);
        }

        if (page.After is { } after)
        {
            var (name, tenant, person) = (after[0], PageKeys.Id(after[1]), PageKeys.Id(after[2]));
            query = query.Where(r =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create((string)(object)r.Audience, r.PersonTenantId, r.PersonId),
                    ValueTuple.Create(name, tenant, person)
                )
            );
        }

        var rows = await query
            .OrderBy(r => r.Audience)
            .ThenBy(r => r.PersonTenantId)
            .ThenBy(r => r.PersonId)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var token = PageKeys.Next(
            page,
            rows,
            r => [r.Audience.ToString(), r.PersonTenantId.ToString("D"), r.PersonId.ToString("D")]
        );
        return ([.. rows.Take(page.Size).Select(BreachProto.Write)], token);
    }

    private async Task<IReadOnlyList<V1.Breach>> WriteAsync(
        KalisecuDb db,
        IReadOnlyList<Breach> breaches,
        CancellationToken cancellationToken
    )
    {
        var ids = breaches.Select(b => b.BreachId).ToList();
        var alarms = (
            await db.Set<BreachAlarm>()
                .AsNoTracking()
                .Where(a => a.TenantId == TenantScope.Platform && ids.Contains(a.BreachId))
                .OrderBy(a => a.AlarmTime)
                .ToListAsync(cancellationToken)
        ).ToLookup(a => a.BreachId);
        var notifications = (
            await db.Set<BreachNotification>()
                .AsNoTracking()
                .Where(n => n.TenantId == TenantScope.Platform && ids.Contains(n.BreachId))
                .OrderBy(n => n.Number)
                .ToListAsync(cancellationToken)
        ).ToLookup(n => n.BreachId);
        var counts = (await CountAsync(db, ids, cancellationToken)).ToLookup(c => c.BreachId);
        var now = clock.GetCurrentInstant();
        return
        [
            .. breaches.Select(b =>
                BreachProto.Write(
                    new BreachView(b, [.. alarms[b.BreachId]], [.. notifications[b.BreachId]], [.. counts[b.BreachId]]),
                    records,
                    controller.Holidays,
                    now
                )
            ),
        ];
    }

    private static Task<List<RecipientCount>> CountAsync(
        KalisecuDb db,
        List<Guid> ids,
        CancellationToken cancellationToken
    ) =>
        (
            from r in db.Set<BreachRecipient>()
            join b in db.Set<Breach>()
                on new
                {
                    r.TenantId,
                    r.BreachId,
                    r.ReachNumber,
                } equals new
                {
                    b.TenantId,
                    b.BreachId,
                    b.Telling.ReachNumber,
                }
            where ids.Contains(r.BreachId)
            group r by new
            {
                r.BreachId,
                r.Audience,
                Posted = r.LetterId != null,
                Unreachable = r.UnreachableReason != null,
            } into g
            select new RecipientCount(g.Key.BreachId, g.Key.Audience, g.Key.Posted, g.Key.Unreachable, g.Count())
        ).ToListAsync(cancellationToken);
}
