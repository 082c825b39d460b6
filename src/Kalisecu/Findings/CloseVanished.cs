using Kalisecu.Persistence;

namespace Kalisecu.Findings;

/// <summary>Closes the occurrences that a scan visited the places of and did not see. Not visited is not fixed.</summary>
internal static class CloseVanished
{
    // Bounds the arrays of one statement: 20,000 pairs of ids are 640 kB.
    private const int ClosedTogether = 20_000;

    public static async Task RunAsync(
        KalisecuDb db,
        PushTarget target,
        IReadOnlyList<OccurrenceKey> vanished,
        VisitedPlaces visited,
        PushTally tally,
        CancellationToken cancellationToken
    )
    {
        if (!visited.CanClose)
        {
            return;
        }

        foreach (var some in vanished.Chunk(ClosedTogether))
        {
            var closing = visited.WholeSite ? some : await VisitedOfAsync(db, target, some, visited, cancellationToken);
            await PushSql.RunAsync(
                db,
                PushSql.CloseOccurrences,
                cancellationToken,
                target.TenantId,
                target.SiteId,
                target.Tool,
                closing.Select(k => OccurrenceKey.ToGuid(k.Finding)).ToArray(),
                closing.Select(k => OccurrenceKey.ToGuid(k.Occurrence)).ToArray(),
                target.ScanId,
                target.Time
            );
            foreach (var key in closing)
            {
                tally.AddClosed(key.Finding);
            }
        }
    }

    private static async Task<OccurrenceKey[]> VisitedOfAsync(
        KalisecuDb db,
        PushTarget target,
        OccurrenceKey[] keys,
        VisitedPlaces visited,
        CancellationToken cancellationToken
    )
    {
        var found = new List<OccurrenceKey>();
        await using var command = PushSql.Command(
            db,
            PushSql.PlacesOf,
            target.TenantId,
            target.SiteId,
            target.Tool,
            keys.Select(k => OccurrenceKey.ToGuid(k.Finding)).ToArray(),
            keys.Select(k => OccurrenceKey.ToGuid(k.Occurrence)).ToArray()
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (visited.Contains(row.GetString(2)))
            {
                found.Add(
                    new OccurrenceKey(OccurrenceKey.FromGuid(row.GetGuid(0)), OccurrenceKey.FromGuid(row.GetGuid(1)))
                );
            }
        }

        return [.. found];
    }
}
