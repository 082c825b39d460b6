using System.Text;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;

namespace Kalisecu.Findings;

/// <summary>Observations of a push. They are few: written as they come, and what was not among them closes at the end.</summary>
internal sealed class PushObservations(TenantDatabase database, PushTarget target, PushDigest digest)
{
    private const int MaximumBatch = 1_000;
    private const int MaximumValue = 4_096;

    private readonly HashSet<Guid> _seen = [];
    private byte[] _last = [];

    public uint Count => (uint)_seen.Count;

    public async Task AddAsync(V1.ObservationBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Observations.Count > MaximumBatch)
        {
            throw PushErrors.BatchTooLarge("observations", MaximumBatch);
        }

        if (Count + batch.Observations.Count > target.Open.ObservationCount)
        {
            var came = (ulong)(Count + batch.Observations.Count);
            throw PushErrors.CountMismatch("observation", target.Open.ObservationCount, came);
        }

        var bodies = batch.Observations;
        var ids = new Guid[bodies.Count];
        foreach (var (index, body) in bodies.Index())
        {
            ids[index] = Check(body, $"observations[{index}]");
        }

        await using var connection = await database.OpenAsync(target.TenantId, cancellationToken);
        await using var sql = connection.Batch();
        var values = bodies.Select(o => o.Value).ToArray();
        var close = sql.CreateBatchCommand();
        close.CommandText = PushSql.CloseOtherValues;
        PushSql.Add(
            close.Parameters,
            target.TenantId,
            target.SiteId,
            target.Tool,
            target.ScanId,
            target.Time,
            ids,
            values
        );
        sql.BatchCommands.Add(close);
        var open = sql.CreateBatchCommand();
        open.CommandText = PushSql.OpenObservations;
        PushSql.Add(
            open.Parameters,
            target.TenantId,
            target.SiteId,
            target.Tool,
            target.ScanId,
            target.Time,
            ids,
            values,
            bodies.Select(o => o.Kind).ToArray(),
            bodies.Select(o => o.Place).ToArray(),
            bodies.Select(o => o.Title).ToArray(),
            bodies.Select(o => o.Check).ToArray(),
            bodies.Select(o => FindingIdentity.Finding(target.SiteId, o.Check)).ToArray()
        );
        sql.BatchCommands.Add(open);
        await sql.ExecuteNonQueryAsync(cancellationToken);
        await connection.CommitAsync(cancellationToken);
    }

    /// <summary>Closes what a complete scan visited and did not see.</summary>
    public async Task CloseVanishedAsync(KalisecuDb db, VisitedPlaces visited, CancellationToken cancellationToken)
    {
        if (!visited.CanClose)
        {
            return;
        }

        var vanished = new List<Guid>();
        await using (
            var command = PushSql.Command(
                db,
                PushSql.OpenObservationPlaces,
                target.TenantId,
                target.SiteId,
                target.Tool
            )
        )
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (!_seen.Contains(reader.GetGuid(0)) && visited.Contains(reader.GetString(1)))
                {
                    vanished.Add(reader.GetGuid(0));
                }
            }
        }

        if (vanished.Count > 0)
        {
            await PushSql.RunAsync(
                db,
                PushSql.CloseObservations,
                cancellationToken,
                target.TenantId,
                target.SiteId,
                target.Tool,
                target.ScanId,
                target.Time,
                vanished.ToArray()
            );
        }
    }

    private Guid Check(V1.ObservationBody body, string field)
    {
        PushFindings.Text(body.Kind, 3, 100, $"{field}.kind");
        PushFindings.Text(body.Place, 1, OccurrenceTuples.MaximumPlace, $"{field}.place");
        PushFindings.Text(body.Value, 0, MaximumValue, $"{field}.value");
        PushFindings.Text(body.Title, 0, 500, $"{field}.title");
        PushFindings.Text(body.Check, 0, 300, $"{field}.check");
        var place = Encoding.UTF8.GetBytes(body.Place);
        byte[] order = [.. Encoding.UTF8.GetBytes(body.Kind), 0, .. place];
        if (order.AsSpan().SequenceCompareTo(_last) <= 0)
        {
            throw PushErrors.OutOfOrder("a greater kind and place", body.Kind);
        }

        if (!target.Scope.Covers(place))
        {
            throw PushErrors.OutOfScope(target.ScanId, AuthorisedScope.OriginOf(place));
        }

        _last = order;
        digest.AddBody(body);
        var id = FindingIdentity.Observation(target.SiteId, body.Kind, body.Place);
        _seen.Add(id);
        return id;
    }
}
