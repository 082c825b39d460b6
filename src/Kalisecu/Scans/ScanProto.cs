using Google.Protobuf;
using Google.Protobuf.Collections;
using Kalisecu.Errors;
using NodaTime;

namespace Kalisecu.Scans;

/// <summary>Wire to domain and back.</summary>
internal static class ScanProto
{
    private const int MaximumOptions = 50;
    private const int MaximumTool = 40;
    private const int MaximumOptionName = 100;
    private const int MaximumOptionValue = 1000;

    // Ours: a schedule further away than that is more likely a mistake.
    private static readonly Duration DueWithin = Duration.FromDays(366);

    public static ScanDraft Read(V1.CreateScanRequest request, Instant now)
    {
        var violations = new Violations();
        var due = Fields.OptionalTime(request.DueTime, "due_time", violations);
        violations.Check(due is null || due <= now + DueWithin, "due_time", "must be within a year");
        var draft = new ScanDraft(
            Fields.Id(request.SiteId, "site_id", violations),
            Tool(request.Tool, "tool", violations),
            Options(request.Options, violations),
            due is null ? null : Instant.Max(due.Value, now),
            AgentInitiated: false
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static string Tool(string value, string field, Violations violations)
    {
        violations.Check(
            value.Length is >= 1 and <= MaximumTool
                && char.IsAsciiLetterOrDigit(value[0])
                && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'),
            field,
            "must be 1 to 40 of a-z, 0-9, dot, hyphen and underscore, beginning with a letter or digit"
        );
        return value;
    }

    public static IReadOnlyDictionary<string, string> Options(MapField<string, string> options, Violations violations)
    {
        violations.Check(options.Count <= MaximumOptions, "options", "must be at most 50");
        foreach (var (name, value) in options.Take(MaximumOptions))
        {
            violations.Check(
                name.Length is >= 1 and <= MaximumOptionName,
                "options",
                "must have names of 1 to 100 characters"
            );
            violations.Check(
                value.Length <= MaximumOptionValue && !value.Contains('\0', StringComparison.Ordinal),
                "options",
                "must have values of at most 1000 characters"
            );
        }

        return options;
    }

    public static ScanState State(V1.ScanState state, string field, Violations violations)
    {
        switch (state)
        {
            case V1.ScanState.Due:
                return ScanState.Due;
            case V1.ScanState.Leased:
                return ScanState.Leased;
            case V1.ScanState.Pushing:
                return ScanState.Pushing;
            case V1.ScanState.Completed:
                return ScanState.Completed;
            case V1.ScanState.Failed:
                return ScanState.Failed;
            case V1.ScanState.Cancelled:
                return ScanState.Cancelled;
            default:
                violations.Add(field, "must name a state");
                return ScanState.Due;
        }
    }

    public static V1.Scan Write(Scan scan)
    {
        var written = new V1.Scan
        {
            ScanId = scan.ScanId.ToString("D"),
            SiteId = scan.SiteId.ToString("D"),
            Tool = scan.Tool,
            State = State(scan.State),
            CreateTime = Fields.Write(scan.CreateTime),
            DueTime = Fields.Write(scan.DueTime),
            LeaseTime = scan.LeaseTime is { } leased ? Fields.Write(leased) : null,
            StartTime = scan.StartTime is { } start ? Fields.Write(start) : null,
            EndTime = scan.EndTime is { } end ? Fields.Write(end) : null,
            FinishTime = scan.FinishTime is { } finish ? Fields.Write(finish) : null,
            AgentId = scan.AgentId?.ToString("D") ?? "",
            AgentInitiated = scan.AgentInitiated,
            ToolVersion = scan.ToolVersion ?? "",
            Complete = scan.Complete,
            WholeSite = scan.WholeSite,
            VisitedPlaceCount = (ulong)scan.VisitedPlaceCount,
            ContentDigest = scan.ContentDigest is { } digest ? ByteString.CopyFrom(digest) : ByteString.Empty,
            Counts = scan.State is ScanState.Completed ? Counts(scan) : null,
            Message = scan.Message ?? "",
        };
        foreach (var (name, value) in ScanToolOptions.Read(scan.Options))
        {
            written.Options[name] = value;
        }

        return written;
    }

    private static V1.ScanCounts Counts(Scan scan) =>
        new()
        {
            OccurrencesOpened = (ulong)scan.OccurrencesOpened,
            OccurrencesClosed = (ulong)scan.OccurrencesClosed,
            OccurrencesUnchanged = (ulong)scan.OccurrencesUnchanged,
            OccurrencesOpenTotal = (ulong)scan.OccurrencesOpenTotal,
            FindingsOpened = (ulong)scan.FindingsOpened,
            FindingsClosed = (ulong)scan.FindingsClosed,
            FindingsReopened = (ulong)scan.FindingsReopened,
            FindingsChanged = (ulong)scan.FindingsChanged,
            ObservationsOpened = (ulong)scan.ObservationsOpened,
            ObservationsClosed = (ulong)scan.ObservationsClosed,
            ObservationsUnchanged = (ulong)scan.ObservationsUnchanged,
        };

    private static V1.ScanState State(ScanState state) =>
        state switch
        {
            ScanState.Due => V1.ScanState.Due,
            ScanState.Leased => V1.ScanState.Leased,
            ScanState.Pushing => V1.ScanState.Pushing,
            ScanState.Completed => V1.ScanState.Completed,
            ScanState.Failed => V1.ScanState.Failed,
            ScanState.Cancelled => V1.ScanState.Cancelled,
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
        };
}
