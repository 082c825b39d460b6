using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>Findings follow from their occurrences: which of them this scan judges, and what becomes of each.</summary>
internal static class SettleFindings
{
    /// <summary>Puts into the tally whatever this scan judges: what it named, what its tool counts, what earlier streams opened.</summary>
    public static async Task KnowAsync(
        KalisecuDb db,
        PushTarget target,
        PushFindings findings,
        PushTally tally,
        CancellationToken cancellationToken
    )
    {
        foreach (var finding in findings.Ids)
        {
            tally.Know(finding);
        }

        await KnowOthersAsync(db, target, tally, cancellationToken);
        if (target.IsResumed)
        {
            await AddOpenedBeforeAsync(db, target, tally, cancellationToken);
        }
    }

    /// <summary>Writes what follows, an event for each finding that changed, and counts them.</summary>
    public static async Task RunAsync(
        KalisecuDb db,
        PushTarget target,
        PushTally tally,
        V1.PushCounts counts,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var findings = tally.Findings.OrderBy(f => f.Key).ToList();
        var ids = findings.Select(f => OccurrenceKey.ToGuid(f.Key)).ToArray();
        await PushSql.RunAsync(db, PushSql.LockFindings, cancellationToken, target.TenantId, ids);
        await PushSql.RunAsync(
            db,
            PushSql.CountOfTool,
            cancellationToken,
            target.TenantId,
            target.Tool,
            ids,
            findings.Select(f => f.Value.Open).ToArray()
        );
        await using var command = PushSql.Command(
            db,
            PushSql.SettleFindings,
            target.TenantId,
            target.ScanId,
            ids,
            findings.Select(f => f.Value.Opened).ToArray(),
            findings.Select(f => f.Value.Closed).ToArray(),
            findings.Select(_ => Ids.New(now)).ToArray(),
            target.Time
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        counts.FindingsOpened = (ulong)row.GetInt64(0);
        counts.FindingsClosed = (ulong)row.GetInt64(1);
        counts.FindingsReopened = (ulong)row.GetInt64(2);
        counts.FindingsChanged = (ulong)row.GetInt64(3);
    }

    /// <summary>Findings that this tool still counts and this scan did not name: their count is judged anew too.</summary>
    private static async Task KnowOthersAsync(
        KalisecuDb db,
        PushTarget target,
        PushTally tally,
        CancellationToken cancellationToken
    )
    {
        await using var command = PushSql.Command(
            db,
            PushSql.FindingsOfTool,
            target.TenantId,
            target.SiteId,
            target.Tool
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            tally.Know(OccurrenceKey.FromGuid(row.GetGuid(0)));
        }
    }

    private static async Task AddOpenedBeforeAsync(
        KalisecuDb db,
        PushTarget target,
        PushTally tally,
        CancellationToken cancellationToken
    )
    {
        // What this stream opened is in the tally already; what the rows say beyond it is from earlier streams.
        var own = tally.Findings.ToDictionary(f => f.Key, f => f.Value.Opened);
        await using var command = PushSql.Command(
            db,
            PushSql.OpenedBefore,
            target.TenantId,
            target.SiteId,
            target.Tool,
            target.ScanId
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var finding = OccurrenceKey.FromGuid(row.GetGuid(0));
            tally.AddOpenedBefore(finding, row.GetInt64(1) - own.GetValueOrDefault(finding));
        }
    }
}
