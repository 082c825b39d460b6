using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Scans;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>
/// Completes a scan in one transaction: what was visited and not seen closes, findings follow from their occurrences, the scan
/// keeps its counts. A repeat answers the same counts.
/// </summary>
internal sealed class ClosePush(TenantDatabase database, EvidenceLog evidence, IClock clock)
{
    public Task<V1.PushCounts> UnchangedAsync(PushTarget target, CancellationToken cancellationToken) =>
        database.InTenantAsync(
            target.TenantId,
            async db =>
            {
                if (await RepeatAsync(db, target, cancellationToken) is { } repeated)
                {
                    return repeated;
                }

                var counts = new V1.PushCounts
                {
                    OccurrencesUnchanged = target.Open.OccurrenceCount,
                    ObservationsUnchanged = target.Open.ObservationCount,
                };
                await using var command = PushSql.Command(
                    db,
                    PushSql.LastCompleted,
                    target.TenantId,
                    target.SiteId,
                    target.Tool
                );
                bool complete,
                    wholeSite;
                long places;
                await using (var row = await command.ExecuteReaderAsync(cancellationToken))
                {
                    await row.ReadAsync(cancellationToken);
                    (complete, wholeSite, places) = (row.GetBoolean(0), row.GetBoolean(1), row.GetInt64(2));
                    counts.OccurrencesOpenTotal = (ulong)row.GetInt64(3);
                }

                await CompleteAsync(db, target, counts, complete, wholeSite, places, cancellationToken);
                return counts;
            },
            cancellationToken
        );

    public Task<V1.PushCounts> RunAsync(
        PushTarget target,
        PushFindings findings,
        PushMerge? merge,
        PushTally received,
        PushObservations observations,
        VisitedPlaces visited,
        CancellationToken cancellationToken
    ) =>
        database.InTenantAsync(
            target.TenantId,
            async db =>
            {
                if (await RepeatAsync(db, target, cancellationToken) is { } repeated)
                {
                    return repeated;
                }

                // The work may run again when the connection breaks: what it counts starts anew each time.
                var tally = PushTally.Of(merge?.Tally ?? received);
                await SettleFindings.KnowAsync(db, target, findings, tally, cancellationToken);
                await CloseVanished.RunAsync(db, target, merge?.Vanished ?? [], visited, tally, cancellationToken);
                await observations.CloseVanishedAsync(db, visited, cancellationToken);
                var counts = new V1.PushCounts
                {
                    OccurrencesOpened = tally.Opened,
                    OccurrencesClosed = tally.Closed,
                    OccurrencesUnchanged = target.Open.OccurrenceCount - tally.Opened,
                    OccurrencesOpenTotal = tally.OpenTotal,
                };
                await SettleFindings.RunAsync(db, target, tally, counts, clock.GetCurrentInstant(), cancellationToken);
                await CountObservationsAsync(db, target, counts, cancellationToken);
                await PushSql.RunAsync(
                    db,
                    PushSql.AddPlaces,
                    cancellationToken,
                    target.TenantId,
                    target.ScanId,
                    visited.All.ToArray()
                );
                await CompleteAsync(
                    db,
                    target,
                    counts,
                    visited.Complete,
                    visited.WholeSite,
                    visited.Count,
                    cancellationToken
                );
                return counts;
            },
            cancellationToken
        );

    /// <summary>The counts of a scan that is completed already; null when it is this stream's to complete.</summary>
    private static async Task<V1.PushCounts?> RepeatAsync(
        KalisecuDb db,
        PushTarget target,
        CancellationToken cancellationToken
    )
    {
        string state;
        await using (var command = PushSql.Command(db, PushSql.LockScan, target.TenantId, target.ScanId))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            state = row.GetString(2);
        }

        if (state is "Completed")
        {
            return await ReadCountsAsync(db, target, cancellationToken);
        }

        if (state is not "Pushing")
        {
            throw ScanErrors.Finished(target.ScanId, Enum.Parse<ScanState>(state));
        }

        await using var fence = PushSql.Command(db, PushSql.Fence, target.TenantId, target.ScanId, target.PushId);
        return await fence.ExecuteScalarAsync(cancellationToken) is null
            ? throw PushErrors.UnderWay(target.ScanId)
            : null;
    }

    private static async Task<V1.PushCounts> ReadCountsAsync(
        KalisecuDb db,
        PushTarget target,
        CancellationToken cancellationToken
    )
    {
        await using var command = PushSql.Command(db, PushSql.CountsOf, target.TenantId, target.ScanId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new V1.PushCounts
        {
            OccurrencesOpened = (ulong)row.GetInt64(0),
            OccurrencesClosed = (ulong)row.GetInt64(1),
            OccurrencesUnchanged = (ulong)row.GetInt64(2),
            OccurrencesOpenTotal = (ulong)row.GetInt64(3),
            FindingsOpened = (ulong)row.GetInt64(4),
            FindingsClosed = (ulong)row.GetInt64(5),
            FindingsReopened = (ulong)row.GetInt64(6),
            FindingsChanged = (ulong)row.GetInt64(7),
            ObservationsOpened = (ulong)row.GetInt64(8),
            ObservationsClosed = (ulong)row.GetInt64(9),
            ObservationsUnchanged = (ulong)row.GetInt64(10),
        };
    }

    private static async Task CountObservationsAsync(
        KalisecuDb db,
        PushTarget target,
        V1.PushCounts counts,
        CancellationToken cancellationToken
    )
    {
        await using var command = PushSql.Command(
            db,
            PushSql.CountObservations,
            target.TenantId,
            target.SiteId,
            target.Tool,
            target.ScanId
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        counts.ObservationsOpened = (ulong)row.GetInt64(0);
        counts.ObservationsClosed = (ulong)row.GetInt64(1);
        counts.ObservationsUnchanged = target.Open.ObservationCount - counts.ObservationsOpened;
    }

    private async Task CompleteAsync(
        KalisecuDb db,
        PushTarget target,
        V1.PushCounts counts,
        bool complete,
        bool wholeSite,
        long places,
        CancellationToken cancellationToken
    )
    {
        await PushSql.RunAsync(
            db,
            PushSql.CompleteScan,
            cancellationToken,
            target.TenantId,
            target.ScanId,
            clock.GetCurrentInstant(),
            complete,
            wholeSite,
            places,
            target.Open.ContentDigest.ToByteArray(),
            (long)counts.OccurrencesOpened,
            (long)counts.OccurrencesClosed,
            (long)counts.OccurrencesUnchanged,
            (long)counts.OccurrencesOpenTotal,
            (long)counts.FindingsOpened,
            (long)counts.FindingsClosed,
            (long)counts.FindingsReopened,
            (long)counts.FindingsChanged,
            (long)counts.ObservationsOpened,
            (long)counts.ObservationsClosed,
            (long)counts.ObservationsUnchanged
        );
        await PushSql.RunAsync(db, PushSql.Settle, cancellationToken, target.TenantId, target.SiteId, target.Tool);
        await evidence.AppendAsync(
            db,
            "scan.completed",
            target.ScanId,
            target.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["digest"] = Convert.ToHexStringLower(target.Open.ContentDigest.Span),
                ["opened"] = (long)counts.OccurrencesOpened,
                ["closed"] = (long)counts.OccurrencesClosed,
                ["unchanged"] = (long)counts.OccurrencesUnchanged,
            },
            cancellationToken
        );
    }
}
