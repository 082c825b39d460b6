using System.Globalization;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>What the ledger says of a person: now, at a past moment, and all of it.</summary>
internal static class ConsentHistory
{
    /// <summary>The sort keys of a row in a page token.</summary>
    public const int KeyCount = 3;

    /// <summary>The newest word about a purpose that was said by a moment; of all when there is none (null).</summary>
    public static Task<ConsentEvent?> NewestAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        string purpose,
        Instant? moment,
        CancellationToken cancellationToken
    ) =>
        OfPurpose(db, tenantId, personId, purpose)
            .Where(e => moment == null || e.EventTime <= moment)
            .OrderByDescending(e => e.EventTime)
            .ThenByDescending(e => e.Number)
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>What held at a moment; refused when there never was such a purpose.</summary>
    public static async Task<ConsentMoment> StateAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        string purpose,
        Instant moment,
        CancellationToken cancellationToken
    )
    {
        await Purposes.RequireAsync(db, purpose, cancellationToken);
        var newest = await NewestAsync(db, tenantId, personId, purpose, moment, cancellationToken);
        return ConsentMoment.Of(newest, moment);
    }

    /// <summary>The number of the event that was recorded last; 0 when there is none.</summary>
    public static async Task<int> LastNumberAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        string purpose,
        CancellationToken cancellationToken
    ) => await OfPurpose(db, tenantId, personId, purpose).MaxAsync(e => (int?)e.Number, cancellationToken) ?? 0;

    public static async Task<ConsentEvent> FindAsync(KalisecuDb db, Guid eventId, CancellationToken cancellationToken)
    {
        var tenantId = db.Owner;
        return await db.Set<ConsentEvent>()
                .AsNoTracking()
                .SingleOrDefaultAsync(e => e.TenantId == tenantId && e.EventId == eventId, cancellationToken)
            ?? throw ConsentErrors.EventAbsent(eventId);
    }

    /// <summary>The words of a person about a purpose up to one of them, oldest first: at most the newest of so many.</summary>
    public static async Task<IReadOnlyList<ConsentEvent>> UpToAsync(
        KalisecuDb db,
        ConsentEvent last,
        int maximum,
        CancellationToken cancellationToken
    )
    {
        var events = await OfPurpose(db, last.TenantId, last.PersonId, last.Purpose)
            .Where(e => e.Number <= last.Number)
            .OrderByDescending(e => e.Number)
            .Take(maximum)
            .ToListAsync(cancellationToken);
        events.Reverse();
        return events;
    }

    /// <summary>A page of a person's words, newest first.</summary>
    public static async Task<(IReadOnlyList<ConsentEvent> Events, string NextPageToken)> ListAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        string purpose,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var events = db.Set<ConsentEvent>().AsNoTracking().Where(e => e.TenantId == tenantId && e.PersonId == personId);
        if (purpose.Length > 0)
        {
            events = events.Where(e => e.Purpose == purpose);
        }

        if (page.After is { } after)
        {
            var (time, number, id) = (Moment.ReadKey(after[0]), PageKeys.Number(after[1]), PageKeys.Id(after[2]));
            events = events.Where(e =>
                EF.Functions.LessThan(
                    ValueTuple.Create(e.EventTime, e.Number, e.EventId),
                    ValueTuple.Create(time, number, id)
                )
            );
        }

        var rows = await events
            .OrderByDescending(e => e.EventTime)
            .ThenByDescending(e => e.Number)
            .ThenByDescending(e => e.EventId)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var token = PageKeys.Next(
            page,
            rows,
            e => [Moment.Key(e.EventTime), e.Number.ToString(CultureInfo.InvariantCulture), e.EventId.ToString("D")]
        );
        return ([.. rows.Take(page.Size)], token);
    }

    private static IQueryable<ConsentEvent> OfPurpose(KalisecuDb db, Guid tenantId, Guid personId, string purpose) =>
        db.Set<ConsentEvent>()
            .AsNoTracking()
            .Where(e => e.TenantId == tenantId && e.PersonId == personId && e.Purpose == purpose);
}
