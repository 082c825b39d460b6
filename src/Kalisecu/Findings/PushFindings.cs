using System.Buffers.Binary;
using System.Text;
using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

/// <summary>
/// The findings of a push: written where they are new or told differently, then the yardstick for what follows. Ids and
/// bodies come in the same order, so one finger on the list tells whether a finding is known and how many are still due.
/// </summary>
internal sealed class PushFindings(TenantDatabase database, PushTarget target, PushDigest digest)
{
    public const int MaximumBatch = 1_000;

    // The limits of the contract, in bytes of UTF-8.
    private const int MaximumCheck = 300;
    private const int MaximumRule = 200;
    private const int MaximumTitle = 500;
    private const int MaximumText = 16_384;
    private const int MaximumCwes = 20;
    private const int MaximumReferences = 50;
    private const int MaximumReference = 2_048;

    private readonly List<(UInt128 Id, ulong Due)> _findings = [];
    private int _at;
    private ulong _taken;

    public IEnumerable<UInt128> Ids => _findings.Select(f => f.Id);

    public int Count => _findings.Count;

    public async Task AddAsync(V1.FindingBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Findings.Count > MaximumBatch)
        {
            throw PushErrors.BatchTooLarge("findings", MaximumBatch);
        }

        if (Count + batch.Findings.Count > target.Open.FindingCount)
        {
            var came = (ulong)(Count + batch.Findings.Count);
            throw PushErrors.CountMismatch("finding", target.Open.FindingCount, came);
        }

        foreach (var (index, body) in batch.Findings.Index())
        {
            Check(body, $"findings[{index}]");
        }

        await using var connection = await database.OpenAsync(target.TenantId, cancellationToken);
        await using var sql = connection.Batch();
        var (bodies, ids) = (batch.Findings, batch.Findings.Select(f => ToGuid(f.FindingId)).ToArray());
        var severities = bodies.Select(f => (short)f.Severity).ToArray();
        var titles = bodies.Select(f => f.Title).ToArray();
        var descriptions = bodies.Select(f => f.Description).ToArray();
        var cwes = bodies.Select(f => "{" + string.Join(',', f.CweNumbers) + "}").ToArray();
        var urls = bodies.Select(f => string.Join('\n', f.References)).ToArray();
        var insert = sql.CreateBatchCommand();
        insert.CommandText = PushSql.InsertFindings;
        PushSql.Add(
            insert.Parameters,
            target.TenantId,
            target.SiteId,
            target.Time,
            ids,
            bodies.Select(f => f.Check).ToArray(),
            severities,
            titles,
            descriptions,
            cwes,
            urls
        );
        sql.BatchCommands.Add(insert);
        var upsert = sql.CreateBatchCommand();
        upsert.CommandText = PushSql.UpsertFindingTools;
        PushSql.Add(
            upsert.Parameters,
            target.TenantId,
            target.Tool,
            target.SiteId,
            target.Time,
            ids,
            bodies.Select(f => f.Rule).ToArray(),
            severities,
            titles,
            descriptions,
            bodies.Select(f => f.Recommendation).ToArray(),
            cwes,
            urls
        );
        sql.BatchCommands.Add(upsert);
        await sql.ExecuteNonQueryAsync(cancellationToken);
        await connection.CommitAsync(cancellationToken);
    }

    /// <summary>Before the first id or body: whether all that were announced came.</summary>
    public void Complete()
    {
        if ((uint)_findings.Count != target.Open.FindingCount)
        {
            throw PushErrors.CountMismatch("finding", target.Open.FindingCount, (ulong)_findings.Count);
        }
    }

    /// <summary>Counts occurrences of a finding; they come in the order of the findings.</summary>
    public void Take(UInt128 findingId, ulong count)
    {
        while (_at < _findings.Count && _findings[_at].Id < findingId)
        {
            RequireAllTaken();
            _at++;
            _taken = 0;
        }

        if (_at == _findings.Count || _findings[_at].Id != findingId)
        {
            throw PushErrors.UnknownFinding(findingId);
        }

        _taken += count;
    }

    /// <summary>After the last one: whether each finding got as many as it announced.</summary>
    public void RequireAllTakenToTheEnd()
    {
        for (; _at < _findings.Count; _at++, _taken = 0)
        {
            RequireAllTaken();
        }
    }

    private void RequireAllTaken()
    {
        if (_taken != _findings[_at].Due)
        {
            throw PushErrors.CountMismatch("occurrence", _findings[_at].Due, _taken);
        }
    }

    private void Check(V1.FindingBody body, string field)
    {
        Demand(body.FindingId.Length == FindingIdentity.Size, $"{field}.finding_id", "must have 16 bytes");
        var id = BinaryPrimitives.ReadUInt128BigEndian(body.FindingId.Span);
        if (OccurrenceKey.ToGuid(id) != FindingIdentity.Finding(target.SiteId, body.Check))
        {
            throw PushErrors.IdMismatch(id);
        }

        if (_findings.Count > 0 && _findings[^1].Id >= id)
        {
            throw PushErrors.OutOfOrder("a greater finding_id", OccurrenceKey.ToGuid(id).ToString("D"));
        }

        Text(body.Check, 3, MaximumCheck, $"{field}.check");
        Text(body.Rule, 1, MaximumRule, $"{field}.rule");
        Text(body.Title, 1, MaximumTitle, $"{field}.title");
        Text(body.Description, 0, MaximumText, $"{field}.description");
        Text(body.Recommendation, 0, MaximumText, $"{field}.recommendation");
        Demand(
            body.Severity is >= V1.Severity.Info and <= V1.Severity.Critical,
            $"{field}.severity",
            "must be one of the contract"
        );
        Demand(
            body.CweNumbers.Count <= MaximumCwes && body.CweNumbers.All(c => c <= int.MaxValue),
            $"{field}.cwe_numbers",
            $"must be at most {MaximumCwes}"
        );
        Demand(body.References.Count <= MaximumReferences, $"{field}.references", "must be at most 50");
        foreach (var reference in body.References)
        {
            Text(reference, 1, MaximumReference, $"{field}.references");
            Demand(!reference.Contains('\n', StringComparison.Ordinal), $"{field}.references", "must be one line each");
        }

        Demand(body.OccurrenceCount > 0, $"{field}.occurrence_count", "must be at least 1");
        _findings.Add((id, body.OccurrenceCount));
        digest.AddFinding(body.FindingId.Span, body);
    }

    internal static void Text(string value, int min, int max, string field)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Demand(
            length >= min && length <= max && !value.Contains('\0', StringComparison.Ordinal),
            field,
            $"must have {min} to {max} bytes without NUL"
        );
    }

    internal static void Demand(bool holds, string field, string rule)
    {
        if (!holds)
        {
            throw PushErrors.Invalid(field, rule);
        }
    }

    private static Guid ToGuid(Google.Protobuf.ByteString id) => new(id.Span, bigEndian: true);
}
