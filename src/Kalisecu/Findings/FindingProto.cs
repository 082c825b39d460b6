using System.Globalization;
using Google.Protobuf.Collections;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>Requests of the finding service, read once.</summary>
internal static class FindingProto
{
    // A search longer than this is no search for a word (contract of ListFindings).
    private const int MaximumSearchLength = 200;
    private const int MaximumNameLength = 300;
    private const int PositionKeys = 4;

    public static (FindingFilter Filter, PageRequest Page, FindingPosition? After) Read(V1.ListFindingsRequest request)
    {
        var violations = new Violations();
        var filter = new FindingFilter(
            Fields.OptionalId(request.SiteId, "site_id", violations),
            ReadSeverities(request.Severities, violations),
            ReadStates(request.States, violations),
            Fields.Text(request.Check, "check", 0, MaximumNameLength, violations),
            Fields.Text(request.Tool, "tool", 0, MaximumNameLength, violations),
            Fields.Text(request.Text, "text", 0, MaximumSearchLength, violations),
            ReadDismissed(request.Dismissed, violations),
            ReadOrder(request.Order, violations)
        );
        var rest = new V1.ListFindingsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, PositionKeys, rest, violations);
        violations.ThrowIfAny();
        return (filter, page, page.After is null ? null : ReadPosition(page.After));
    }

    public static (DismissalDraft Draft, Guid FindingId) Read(V1.DismissFindingRequest request, Instant now)
    {
        var violations = new Violations();
        var findingId = Fields.Id(request.FindingId, "finding_id", violations);
        var kind = ReadKind(request.Kind, violations);
        var justification = Fields.Text(request.Justification, "justification", 10, 2000, violations);
        var expireTime = Fields.OptionalTime(request.ExpireTime, "expire_time", violations);
        violations.Check(expireTime is null || expireTime > now, "expire_time", "must lie in the future");
        violations.ThrowIfAny();
        return (new DismissalDraft(kind, justification, expireTime), findingId);
    }

    public static (Guid FindingId, string Reason) Read(V1.RestoreFindingRequest request)
    {
        var violations = new Violations();
        var findingId = Fields.Id(request.FindingId, "finding_id", violations);
        var reason = Fields.Text(request.Reason, "reason", 0, 2000, violations);
        violations.ThrowIfAny();
        return (findingId, reason);
    }

    public static (Guid FindingId, Guid OccurrenceId) Read(V1.GetExchangeRequest request)
    {
        var violations = new Violations();
        var findingId = Fields.Id(request.FindingId, "finding_id", violations);
        var occurrenceId = Fields.Id(request.OccurrenceId, "occurrence_id", violations);
        violations.ThrowIfAny();
        return (findingId, occurrenceId);
    }

    public static Guid ReadId(string value, string field)
    {
        var violations = new Violations();
        var id = Fields.Id(value, field, violations);
        violations.ThrowIfAny();
        return id;
    }

    public static Guid? ReadOptionalId(string value, string field) => value.Length == 0 ? null : ReadId(value, field);

    public static string[] SortKeys(FindingRow row) =>
        [
            ((int)row.Severity).ToString(CultureInfo.InvariantCulture),
            Ticks(row.OpenTime),
            row.Check,
            row.FindingId.ToString("D"),
        ];

    public static string Ticks(Instant time) => time.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture);

    /// <summary>A key of a page token. The token's digest binds it to its list, not to us: it may still be made up.</summary>
    public static Instant ReadTicks(string key) =>
        long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks)
        && ticks is > -600_000_000_000_000_000 and < 2_500_000_000_000_000_000
            ? Instant.FromUnixTimeTicks(ticks)
            : throw GeneralErrors.PageTokenInvalid();

    private static FindingPosition ReadPosition(IReadOnlyList<string> keys) =>
        new(
            int.TryParse(keys[0], NumberStyles.None, CultureInfo.InvariantCulture, out var severity)
            && severity is >= (int)Severity.Info and <= (int)Severity.Critical
                ? (Severity)severity
                : throw GeneralErrors.PageTokenInvalid(),
            ReadTicks(keys[1]),
            keys[2].Contains('\0', StringComparison.Ordinal) ? throw GeneralErrors.PageTokenInvalid() : keys[2],
            PageKeys.Id(keys[3])
        );

    private static List<Severity> ReadSeverities(RepeatedField<V1.Severity> values, Violations violations)
    {
        var read = new List<Severity>();
        for (var i = 0; i < values.Count; i++)
        {
            if (
                violations.Check(
                    values[i] is >= V1.Severity.Info and <= V1.Severity.Critical,
                    $"severities[{i}]",
                    Known
                )
            )
            {
                read.Add((Severity)(int)values[i]);
            }
        }

        return read;
    }

    private static List<FindingState> ReadStates(RepeatedField<V1.FindingState> values, Violations violations)
    {
        var read = new List<FindingState>();
        for (var i = 0; i < values.Count; i++)
        {
            switch (values[i])
            {
                case V1.FindingState.Open:
                    read.Add(FindingState.Open);
                    break;
                case V1.FindingState.Closed:
                    read.Add(FindingState.Closed);
                    break;
                default:
                    violations.Add($"states[{i}]", Known);
                    break;
            }
        }

        return read;
    }

    private static DismissedFilter ReadDismissed(V1.DismissedFilter value, Violations violations)
    {
        switch (value)
        {
            case V1.DismissedFilter.Unspecified:
            case V1.DismissedFilter.Without:
                return DismissedFilter.Without;
            case V1.DismissedFilter.Only:
                return DismissedFilter.Only;
            case V1.DismissedFilter.Both:
                return DismissedFilter.Both;
            default:
                violations.Add("dismissed", Known);
                return DismissedFilter.Without;
        }
    }

    private static FindingOrder ReadOrder(V1.FindingOrder value, Violations violations)
    {
        switch (value)
        {
            case V1.FindingOrder.Unspecified:
            case V1.FindingOrder.Severity:
                return FindingOrder.Severity;
            case V1.FindingOrder.OpenTime:
                return FindingOrder.OpenTime;
            case V1.FindingOrder.Check:
                return FindingOrder.Check;
            default:
                violations.Add("order", Known);
                return FindingOrder.Severity;
        }
    }

    private static DismissalKind ReadKind(V1.DismissalKind value, Violations violations)
    {
        switch (value)
        {
            case V1.DismissalKind.FalsePositive:
                return DismissalKind.FalsePositive;
            case V1.DismissalKind.AcceptedRisk:
                return DismissalKind.AcceptedRisk;
            case V1.DismissalKind.WontFix:
                return DismissalKind.WontFix;
            default:
                violations.Add("kind", Known);
                return DismissalKind.FalsePositive;
        }
    }

    private const string Known = "must be one of the named values";
}
