using System.Linq.Expressions;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>An occurrence without its exchange, which lists only need to know of.</summary>
internal sealed record OccurrenceRow(
    Guid OccurrenceId,
    Guid FindingId,
    string Tool,
    string Place,
    Instant OpenTime,
    Guid OpenScanId,
    Instant? CloseTime,
    Guid? CloseScanId,
    bool HasExchange
)
{
    public static readonly Expression<Func<Occurrence, OccurrenceRow>> WithoutExchange = o => new OccurrenceRow(
        o.OccurrenceId,
        o.FindingId,
        o.Tool,
        o.Place,
        o.OpenTime,
        o.OpenScanId,
        o.CloseTime,
        o.CloseScanId,
        o.Exchange != null
    );
}

/// <summary>Pages through what belongs to a finding or a site. Row values keep the keyset condition on the index.</summary>
internal static class FindingHistory
{
    public static async Task DemandFindingAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid findingId,
        CancellationToken cancellationToken
    )
    {
        if (
            !await db.Set<Finding>()
                .AnyAsync(f => f.TenantId == tenantId && f.FindingId == findingId, cancellationToken)
        )
        {
            throw FindingErrors.Absent(findingId);
        }
    }

    public static IQueryable<Occurrence> Occurrences(
        KalisecuDb db,
        Guid tenantId,
        Guid findingId,
        bool openOnly,
        IReadOnlyList<string>? after
    )
    {
        var occurrences = db.Set<Occurrence>().Where(o => o.TenantId == tenantId && o.FindingId == findingId);
        if (openOnly)
        {
            occurrences = occurrences.Where(o => o.CloseTime == null);
        }

        if (after is not null)
        {
            var (id, tool, scan) = (PageKeys.Id(after[0]), after[1], PageKeys.Id(after[2]));
            occurrences = occurrences.Where(o =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(o.OccurrenceId, o.Tool, o.OpenScanId),
                    ValueTuple.Create(id, tool, scan)
                )
            );
        }

        return occurrences.OrderBy(o => o.OccurrenceId).ThenBy(o => o.Tool).ThenBy(o => o.OpenScanId);
    }

    public static IQueryable<FindingEvent> Events(
        KalisecuDb db,
        Guid tenantId,
        Guid findingId,
        IReadOnlyList<string>? after
    )
    {
        var events = db.Set<FindingEvent>().Where(e => e.TenantId == tenantId && e.FindingId == findingId);
        if (after is not null)
        {
            var (time, id) = (FindingProto.ReadTicks(after[0]), PageKeys.Id(after[1]));
            events = events.Where(e =>
                EF.Functions.LessThan(ValueTuple.Create(e.EventTime, e.EventId), ValueTuple.Create(time, id))
            );
        }

        return events.OrderByDescending(e => e.EventTime).ThenByDescending(e => e.EventId);
    }

    public static IQueryable<Observation> Observations(
        KalisecuDb db,
        Guid tenantId,
        Guid siteId,
        string kindPrefix,
        bool openOnly,
        IReadOnlyList<string>? after
    )
    {
        var observations = db.Set<Observation>()
            .Where(o => o.TenantId == tenantId && o.SiteId == siteId && o.Kind.StartsWith(kindPrefix));
        if (openOnly)
        {
            observations = observations.Where(o => o.CloseTime == null);
        }

        if (after is not null)
        {
            var (kind, place, tool) = (after[0], after[1], after[2]);
            var (id, scan) = (PageKeys.Id(after[3]), PageKeys.Id(after[4]));
            observations = observations.Where(o =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(o.Kind, o.Place, o.Tool, o.ObservationId, o.OpenScanId),
                    ValueTuple.Create(kind, place, tool, id, scan)
                )
            );
        }

        return observations
            .OrderBy(o => o.Kind)
            .ThenBy(o => o.Place)
            .ThenBy(o => o.Tool)
            .ThenBy(o => o.ObservationId)
            .ThenBy(o => o.OpenScanId);
    }
}
