using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Reports.V1;
using NodaTime;

namespace Kalisecu.Cli.Commands;

/// <summary>The words around a report's texts, in the report's language.</summary>
internal sealed record ReportWords
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    public static ReportWords French { get; } =
        new()
        {
            Severities = ["", "Info", "Faible", "Moyenne", "Élevée", "Critique"],
            Months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".Split(' '),
            StateOn = "État au",
            Published = "publié le",
            Draft = "brouillon, pas encore publié",
            Version = "version",
            Digest = "Empreinte SHA-256",
            Summary = "Synthèse",
            Places = "endroits",
            Observations = "observations",
            Recommendation = "Que faire :",
            More = "autres endroits",
            MoreObservations = "autres observations (tout : --all)",
            ReadMore = "En savoir plus :",
            Observed = "Ce qui a été observé",
            Nothing = "Aucune faiblesse ouverte.",
            Thousands = " ",
        };

    public static ReportWords English { get; } =
        new()
        {
            Severities = ["", "Info", "Low", "Medium", "High", "Critical"],
            Months = "January February March April May June July August September October November December".Split(' '),
            StateOn = "State on",
            Published = "published on",
            Draft = "draft, not published yet",
            Version = "version",
            Digest = "SHA-256",
            Summary = "Summary",
            Places = "places",
            Observations = "observations",
            Recommendation = "What to do:",
            More = "more places",
            MoreObservations = "more observations (all: --all)",
            ReadMore = "Read more:",
            Observed = "What was observed",
            Nothing = "No open weakness.",
            Thousands = ",",
        };

    public required IReadOnlyList<string> Severities { get; init; }

    public required IReadOnlyList<string> Months { get; init; }

    public required string StateOn { get; init; }

    public required string Published { get; init; }

    public required string Draft { get; init; }

    public required string Version { get; init; }

    public required string Digest { get; init; }

    public required string Summary { get; init; }

    public required string Places { get; init; }

    public required string Observations { get; init; }

    public required string Recommendation { get; init; }

    public required string More { get; init; }

    public required string MoreObservations { get; init; }

    public required string ReadMore { get; init; }

    public required string Observed { get; init; }

    public required string Nothing { get; init; }

    public required string Thousands { get; init; }

    public static ReportWords Of(ReportLanguage language) =>
        language switch
        {
            ReportLanguage.Fr => French,
            ReportLanguage.En => English,
            _ => throw new ArgumentOutOfRangeException(nameof(language), language, "no language of reports"),
        };

    public string Severity(ReportSeverity severity) => Severities[(int)severity];

    /// <summary>Day and time in France, in words.</summary>
    public string Moment(Timestamp time)
    {
        var local = Instant.FromDateTimeOffset(time.ToDateTimeOffset()).InZone(Paris);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{local.Day} {Months[local.Month - 1]} {local.Year}, {local.Hour:00}:{local.Minute:00}"
        );
    }

    public string Number(ulong number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", Thousands, StringComparison.Ordinal);
}
