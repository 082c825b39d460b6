using Kalisecu.Errors;

namespace Kalisecu.Findings;

/// <summary>Occurrences, observations and history as the wire shows them.</summary>
internal static class HistoryProto
{
    public static V1.Occurrence Write(OccurrenceRow row) =>
        new()
        {
            OccurrenceId = row.OccurrenceId.ToString("D"),
            FindingId = row.FindingId.ToString("D"),
            Tool = row.Tool,
            Place = row.Place,
            OpenTime = Fields.Write(row.OpenTime),
            OpenScanId = row.OpenScanId.ToString("D"),
            CloseTime = row.CloseTime is { } close ? Fields.Write(close) : null,
            CloseScanId = row.CloseScanId?.ToString("D") ?? "",
            HasExchange = row.HasExchange,
        };

    public static V1.Observation Write(Observation observation) =>
        new()
        {
            ObservationId = observation.ObservationId.ToString("D"),
            SiteId = observation.SiteId.ToString("D"),
            Tool = observation.Tool,
            Kind = observation.Kind,
            Place = observation.Place,
            Value = observation.Value,
            Title = observation.Title,
            Check = observation.CheckName ?? "",
            FindingId = observation.FindingId?.ToString("D") ?? "",
            OpenTime = Fields.Write(observation.OpenTime),
            CloseTime = observation.CloseTime is { } close ? Fields.Write(close) : null,
        };

    public static V1.FindingEvent Write(FindingEvent step) =>
        new()
        {
            EventId = step.EventId.ToString("D"),
            Kind = Write(step.Kind),
            EventTime = Fields.Write(step.EventTime),
            ScanId = step.ScanId?.ToString("D") ?? "",
            PersonId = step.PersonId?.ToString("D") ?? "",
            OldSeverity = Write(step.OldSeverity),
            NewSeverity = Write(step.NewSeverity),
            OccurrencesOpened = (ulong)step.OccurrencesOpened,
            OccurrencesClosed = (ulong)step.OccurrencesClosed,
            Dismissal = step.DismissalKind is { } kind
                ? new V1.Dismissal
                {
                    Kind = Write(kind),
                    Justification = step.DismissalJustification ?? "",
                    PersonId = step.PersonId?.ToString("D") ?? "",
                    DismissTime = Fields.Write(step.EventTime),
                    ExpireTime = step.DismissalExpireTime is { } end ? Fields.Write(end) : null,
                }
                : null,
            Reason = step.Reason ?? "",
        };

    public static V1.DismissalKind Write(DismissalKind kind) =>
        kind switch
        {
            DismissalKind.FalsePositive => V1.DismissalKind.FalsePositive,
            DismissalKind.AcceptedRisk => V1.DismissalKind.AcceptedRisk,
            DismissalKind.WontFix => V1.DismissalKind.WontFix,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    private static V1.Severity Write(Severity? severity) =>
        severity is { } known ? (V1.Severity)(int)known : V1.Severity.Unspecified;

    private static V1.FindingEventKind Write(FindingEventKind kind) =>
        kind switch
        {
            FindingEventKind.Opened => V1.FindingEventKind.Opened,
            FindingEventKind.Closed => V1.FindingEventKind.Closed,
            FindingEventKind.Reopened => V1.FindingEventKind.Reopened,
            FindingEventKind.Changed => V1.FindingEventKind.Changed,
            FindingEventKind.OccurrencesChanged => V1.FindingEventKind.OccurrencesChanged,
            FindingEventKind.Dismissed => V1.FindingEventKind.Dismissed,
            FindingEventKind.Restored => V1.FindingEventKind.Restored,
            FindingEventKind.DismissalExpired => V1.FindingEventKind.DismissalExpired,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
}
