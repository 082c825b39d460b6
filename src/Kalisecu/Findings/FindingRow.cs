using System.Globalization;
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
            Etag = reader.GetFieldValue<uint>(16).ToString(CultureInfo.InvariantCulture),
        };
        foreach (var cwe in reader.GetFieldValue<int[]>(6))
        {
            Message.CweNumbers.Add((uint)cwe);
        }

        Message.Tools.AddRange(reader.GetFieldValue<string[]>(17));
    }

    public Guid FindingId { get; }

    public string Check { get; }

    public Severity Severity { get; }

    public Instant OpenTime { get; }

    public V1.Finding Message { get; }

    /// <summary>A row of <see cref="FindingSql.Many"/>.</summary>
    public static FindingRow Read(NpgsqlDataReader reader, Instant now) => new(reader, now);

    /// <summary>A row of <see cref="FindingSql.One"/>: with all its texts.</summary>
    public static V1.Finding ReadWhole(NpgsqlDataReader reader, Instant now, CheckCatalogue catalogue)
    {
        var finding = new FindingRow(reader, now).Message;
        finding.Description = reader.GetString(18);
        finding.References.AddRange(reader.GetFieldValue<string[]>(19));
        if (catalogue.Find(finding.Check) is { } check)
        {
            finding.Recommendations.Add(
                new V1.Recommendation { TextFr = check.Recommendation.Fr, TextEn = check.Recommendation.En }
            );
        }

        var tools = reader.GetFieldValue<string[]>(20);
        var texts = reader.GetFieldValue<string[]>(21);
        for (var i = 0; i < tools.Length; i++)
        {
            // The tools that we read speak English.
            finding.Recommendations.Add(new V1.Recommendation { Tool = tools[i], TextEn = texts[i] });
        }

        return finding;
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
