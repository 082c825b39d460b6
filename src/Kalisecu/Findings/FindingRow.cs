using Kalisecu.Errors;
using NodaTime;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>A finding on its way from the reader to the wire, with what pages need of it. The entity stays out of reads.</summary>
internal sealed class FindingRow
{
    private FindingRow(NpgsqlDataReader reader, Instant now)
    {
        FindingId = reader.GetGuid(0);
        Check = reader.GetString(2);
        Severity = (Severity)reader.GetInt16(3);
        OpenTime = reader.GetFieldValue<Instant>(8);
        Message = new V1.Finding
        {
            FindingId = FindingId.ToString("D"),
            SiteId = reader.GetGuid(1).ToString("D"),
            Check = Check,
            Severity = (V1.Severity)(int)Severity,
            State = string.Equals(reader.GetString(4), nameof(FindingState.Open), StringComparison.Ordinal)
                ? V1.FindingState.Open
                : V1.FindingState.Closed,
            Title = reader.GetString(5),
            OpenOccurrenceCount = (ulong)reader.GetInt64(7),
            OpenTime = Fields.Write(OpenTime),
            ReopenTime = reader.IsDBNull(9) ? null : Fields.Write(reader.GetFieldValue<Instant>(9)),
            CloseTime = reader.IsDBNull(10) ? null : Fields.Write(reader.GetFieldValue<Instant>(10)),
            Dismissal = ReadDismissal(reader, now),
            Etag = Persistence.Etag.Write(reader.GetFieldValue<uint>(16)),
        };
        foreach (var cwe in reader.GetFieldValue<int[]>(6))
        {
            Message.CweNumbers.Add((uint)cwe);
        }
    }

    public Guid FindingId { get; }

    public string Check { get; }

    public Severity Severity { get; }

    public Instant OpenTime { get; }

    public V1.Finding Message { get; }

    /// <summary>A row of <see cref="FindingSql.Many"/>.</summary>
    public static FindingRow Read(NpgsqlDataReader reader, Instant now)
    {
        var row = new FindingRow(reader, now);
        row.Message.Tools.AddRange(reader.GetFieldValue<string[]>(17));
        return row;
    }

    /// <summary>A row of <see cref="FindingSql.One"/>: with all its texts.</summary>
    public static V1.Finding ReadWhole(NpgsqlDataReader reader, Instant now, CheckCatalogue catalogue)
    {
        var finding = new FindingRow(reader, now).Message;
        finding.Description = reader.GetString(17);
        finding.References.AddRange(reader.GetFieldValue<string[]>(18));
        if (catalogue.Find(finding.Check) is { } check)
        {
            finding.Recommendations.Add(
                new V1.Recommendation { TextFr = check.Recommendation.Fr, TextEn = check.Recommendation.En }
            );
        }

#pragma warning disable CA1814 // PostgreSQL's arrays of arrays are rectangles, and so they are read.
        // An empty array has no dimension at all, and is read as a plain one.
        if (reader.GetValue(19) is string[,] tools)
        {
            AddTools(finding, tools);
        }

        return finding;
    }

    private static void AddTools(V1.Finding finding, string[,] tools)
#pragma warning restore CA1814
    {
        for (var i = 0; i < tools.GetLength(0); i++)
        {
            var (tool, sees, text) = (tools[i, 0], tools[i, 1], tools[i, 2]);
            if (sees.Length > 0)
            {
                finding.Tools.Add(tool);
            }

            if (text.Length > 0)
            {
                // The tools that we read speak English.
                finding.Recommendations.Add(new V1.Recommendation { Tool = tool, TextEn = text });
            }
        }
    }

    private static V1.Dismissal? ReadDismissal(NpgsqlDataReader reader, Instant now)
    {
        if (reader.IsDBNull(11))
        {
            return null;
        }

        var expireTime = reader.IsDBNull(15) ? (Instant?)null : reader.GetFieldValue<Instant>(15);
        return expireTime <= now
            ? null
            : new V1.Dismissal
            {
                Kind = HistoryProto.Write(Enum.Parse<DismissalKind>(reader.GetString(11))),
                Justification = reader.IsDBNull(12) ? "" : reader.GetString(12),
                PersonId = reader.IsDBNull(13) ? "" : reader.GetGuid(13).ToString("D"),
                DismissTime = reader.IsDBNull(14) ? null : Fields.Write(reader.GetFieldValue<Instant>(14)),
                ExpireTime = expireTime is { } end ? Fields.Write(end) : null,
            };
    }
}
