using Kalisecu.Errors;
using Kalisecu.Findings;
using NodaTime;
using Npgsql;

namespace Kalisecu.Reports;

/// <summary>Rows of the database as entries of a report, in its language where the catalogue speaks it.</summary>
internal sealed class ReportEntries(CheckCatalogue catalogue, ReportLanguage language)
{
    private const char Unit = '\u001f';

    public V1.ReportEntry Finding(NpgsqlDataReader reader)
    {
        var check = reader.GetString(7);
        var known = catalogue.Find(check);
        var tools = reader.GetFieldValue<string[]>(14).Select(t => t.Split(Unit, 2)).ToList();
        var finding = new V1.ReportedFinding
        {
            FindingId = reader.GetGuid(0).ToString("D"),
            Check = check,
            Severity = (V1.ReportSeverity)reader.GetInt16(8),
            Title = known is null ? reader.GetString(9) : Say(known.Title),
            Description = known is null ? reader.GetString(10) : Say(known.Description),
            Recommendation = known is null
                ? string.Join("\n\n", tools.Select(t => t[1]).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal))
                : Say(known.Recommendation),
            CweNumbers = { reader.GetFieldValue<int[]>(11).Order().Select(c => (uint)c) },
            References = { reader.GetFieldValue<string[]>(12) },
            Tools = { tools.Select(t => t[0]) },
            OpenTime = Fields.Write(reader.GetFieldValue<Instant>(13)),
            OccurrenceCount = (ulong)reader.GetInt64(6),
        };
        return new V1.ReportEntry { Finding = finding };
    }

    public static V1.ReportEntry Occurrence(NpgsqlDataReader reader) =>
        new()
        {
            Occurrence = new V1.ReportedOccurrence
            {
                OccurrenceId = reader.GetGuid(1).ToString("D"),
                FindingId = reader.GetGuid(0).ToString("D"),
                Tool = reader.GetString(2),
                Place = reader.GetString(3),
                OpenTime = Fields.Write(reader.GetFieldValue<Instant>(4)),
            },
        };

    public static V1.ReportEntry Observation(NpgsqlDataReader reader) =>
        new()
        {
            Observation = new V1.ReportedObservation
            {
                Kind = reader.GetString(0),
                Place = reader.GetString(1),
                Value = reader.GetString(2),
                Title = reader.GetString(3),
                Tool = reader.GetString(4),
                Check = reader.GetString(5),
            },
        };

    private string Say(CheckText text) => language == ReportLanguage.Fr ? text.Fr : text.En;
}
