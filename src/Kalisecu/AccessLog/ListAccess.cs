using System.Globalization;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>A page of entries, newest first.</summary>
internal static class ListAccess
{
    /// <summary>The sort keys of a row in a page token.</summary>
    public const int KeyCount = 3;

    public static async Task<(IReadOnlyList<AccessEntry> Entries, string NextPageToken)> RunAsync(
        KalisecuDb db,
        AccessQuery query,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var rows = await After(Matching(db, query), page)
            .OrderByDescending(e => e.EntryTime)
            .ThenByDescending(e => e.WriterId)
            .ThenByDescending(e => e.Sequence)
            .Take(page.Size + 1)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var token = PageKeys.Next(
            page,
            rows,
            e =>
                [
                    e.EntryTime.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture),
                    e.WriterId.ToString("D"),
                    e.Sequence.ToString(CultureInfo.InvariantCulture),
                ]
        );
        return ([.. rows.Take(page.Size)], token);
    }

    private static IQueryable<AccessEntry> Matching(KalisecuDb db, AccessQuery query)
    {
        IQueryable<AccessEntry> entries = db.Set<AccessEntry>();
        if (query.TenantId is { } tenant)
        {
            entries = entries.Where(e => e.TenantId == tenant);
        }

        if (query.PersonId is { } person)
        {
            entries = entries.Where(e => e.PersonId == person);
        }

        if (query.Method.Length > 0)
        {
            entries = query.Method.EndsWith('/')
                ? entries.Where(e => e.Method.StartsWith(query.Method))
                : entries.Where(e => e.Method == query.Method);
        }

        if (query.ObjectId is { } id)
        {
            var text = id.ToString("D");
            entries = entries.Where(e => e.Objects.Contains(text));
        }

        if (query.Outcomes.Count > 0)
        {
            entries = entries.Where(e => query.Outcomes.Contains(e.Outcome));
        }

        if (query.StartTime is { } start)
        {
            // An entry is written after its access: earlier partitions need no look.
            entries = entries.Where(e => e.AccessTime >= start && e.EntryTime >= start);
        }

        return query.EndTime is { } end ? entries.Where(e => e.AccessTime < end) : entries;
    }

    private static IQueryable<AccessEntry> After(IQueryable<AccessEntry> entries, PageRequest page)
    {
        if (page.After is not { } keys)
        {
            return entries;
        }

        if (
            !long.TryParse(keys[0], CultureInfo.InvariantCulture, out var ticks)
            || !Guid.TryParseExact(keys[1], "D", out var writer)
            || !long.TryParse(keys[2], CultureInfo.InvariantCulture, out var sequence)
        )
        {
            throw GeneralErrors.PageTokenInvalid();
        }

        var time = Instant.FromUnixTimeTicks(ticks);
        return entries.Where(e =>
            EF.Functions.LessThan(
                ValueTuple.Create(e.EntryTime, e.WriterId, e.Sequence),
                ValueTuple.Create(time, writer, sequence)
            )
        );
    }
}
