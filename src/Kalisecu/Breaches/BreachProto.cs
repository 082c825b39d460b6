using Kalisecu.Errors;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Requests about breaches, read once.</summary>
internal static partial class BreachProto
{
    private const int LongestText = 4000;
    private const int LongestReason = 2000;
    private const int ShortestReason = 10;

    public static Guid ReadId(string breachId)
    {
        var violations = new Violations();
        var id = Fields.Id(breachId, "breach_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static BreachDraft Read(V1.DeclareBreachRequest request, Instant now)
    {
        var violations = new Violations();
        var draft = new BreachDraft(
            Fields.Text(request.Facts, "facts", ShortestReason, LongestText, violations),
            Fields.Text(request.Circumstances, "circumstances", 0, LongestReason, violations),
            Fields.OptionalTime(request.OccurTime, "occur_time", violations),
            Fields.OptionalTime(request.EndTime, "end_time", violations),
            Fields.Time(request.DetectTime, "detect_time", violations),
            request.Drill
        );
        CheckTimes(draft.OccurTime, draft.EndTime, now, violations);
        violations.Check(draft.DetectTime <= now, "detect_time", "must not lie in the future");
        violations.ThrowIfAny();
        return draft;
    }

    public static (Guid Id, Instant AwareTime, string Grounds) Read(V1.RecordAwarenessRequest request)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.BreachId, "breach_id", violations),
            Fields.Time(request.AwareTime, "aware_time", violations),
            Fields.Text(request.Grounds, "grounds", ShortestReason, LongestReason, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, (BreachAssessment Assessment, Instant? Occur, Instant? End) Found) Read(
        V1.AssessBreachRequest request,
        Instant now
    )
    {
        var violations = new Violations();
        var id = Fields.Id(request.BreachId, "breach_id", violations);
        var occur = Fields.OptionalTime(request.OccurTime, "occur_time", violations);
        var end = Fields.OptionalTime(request.EndTime, "end_time", violations);
        CheckTimes(occur, end, now, violations);
        var assessment = Read(request.Assessment ?? new V1.BreachAssessment(), violations);
        violations.ThrowIfAny();
        return (id, (assessment, occur, end));
    }

    public static (Guid Id, NotificationDecision Decision, string Reasons) Read(V1.DecideNotificationRequest request)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.BreachId, "breach_id", violations),
            BreachWireEnum.Needed<V1.NotificationDecision, NotificationDecision>(
                request.Decision,
                "decision",
                violations
            ),
            Fields.Text(request.Reasons, "reasons", ShortestReason, LongestReason, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, CommunicationDecision Communication, string Reasons) Read(
        V1.DecideCommunicationRequest request
    )
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.BreachId, "breach_id", violations),
            BreachWireEnum.Needed<V1.CommunicationDecision, CommunicationDecision>(
                request.Communication,
                "communication",
                violations
            ),
            Fields.Text(request.Reasons, "reasons", ShortestReason, LongestReason, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, string DelayReasons) Read(V1.FinishNotificationRequest request)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.BreachId, "breach_id", violations),
            Fields.Text(request.DelayReasons, "delay_reasons", 0, LongestReason, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, (string Number, Instant SubmitTime, string DelayReasons) Receipt) Read(
        V1.RecordNotificationReceiptRequest request
    )
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.BreachId, "breach_id", violations),
            (
                Fields.Text(request.ReceiptNumber, "receipt_number", 1, 100, violations),
                Fields.Time(request.SubmitTime, "submit_time", violations),
                Fields.Text(request.DelayReasons, "delay_reasons", 0, LongestReason, violations)
            )
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, IReadOnlyList<Guid> TenantIds) Read(V1.FindAffectedRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.BreachId, "breach_id", violations);
        var tenants = request.TenantIds.Select(t => Fields.Id(t, "tenant_ids", violations)).Distinct().ToList();
        violations.Check(tenants.Count <= PageRequest.MaximumSize, "tenant_ids", "must be 0 to 1000");
        violations.ThrowIfAny();
        return (id, tenants);
    }

    public static (Guid Id, BreachWording Wording) Read(V1.TellPersonsRequest request) =>
        ReadWording(
            request.BreachId,
            new BreachWording(request.SummaryFr, request.SummaryEn, request.AdviceFr, request.AdviceEn)
        );

    public static (Guid Id, BreachWording Wording) Read(V1.TellClientsRequest request) =>
        ReadWording(
            request.BreachId,
            new BreachWording(request.SummaryFr, request.SummaryEn, request.AdviceFr, request.AdviceEn)
        );

    public static (Guid Id, string Lessons) Read(V1.CloseBreachRequest request)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.BreachId, "breach_id", violations),
            Fields.Text(request.Lessons, "lessons", ShortestReason, LongestText, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, BreachAudience Audience, (string Summary, string Advice) Wording) Read(
        V1.PreviewBreachLetterRequest request
    )
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.BreachId, "breach_id", violations),
            BreachWireEnum.Needed<V1.BreachAudience, BreachAudience>(request.Audience, "audience", violations),
            (
                Fields.Text(request.Summary, "summary", 20, LongestReason, violations),
                Fields.Text(request.Advice, "advice", ShortestReason, LongestReason, violations)
            )
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (IReadOnlyList<BreachState> States, bool Drills, PageRequest Page) Read(
        V1.ListBreachesRequest request
    )
    {
        var violations = new Violations();
        var states = BreachWireEnum.Many<V1.BreachState, BreachState>(request.States, "states", 0, violations);
        var filter = request.Clone();
        (filter.PageSize, filter.PageToken) = (0, "");
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return (states, request.Drills, page);
    }

    public static (Guid Id, BreachAudience? Audience, PageRequest Page) Read(V1.ListBreachRecipientsRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.BreachId, "breach_id", violations);
        violations.Check(Enum.IsDefined(request.Audience), "audience", "must be of the named values");
        var filter = request.Clone();
        (filter.PageSize, filter.PageToken) = (0, "");
        var page = PageRequest.Read(request.PageSize, request.PageToken, 3, filter, violations);
        violations.ThrowIfAny();
        return (id, BreachWireEnum.Read<V1.BreachAudience, BreachAudience>(request.Audience), page);
    }

    public static (Guid Id, int Number) Read(V1.GetNotificationFileRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.BreachId, "breach_id", violations);
        violations.Check(request.Number >= 0, "number", "must be 0 or the number of a notification");
        violations.ThrowIfAny();
        return (id, request.Number);
    }

    public static V1.BreachRegisterFormat Read(V1.ExportBreachRegisterRequest request)
    {
        var violations = new Violations();
        violations.Check(
            request.Format is not V1.BreachRegisterFormat.Unspecified && Enum.IsDefined(request.Format),
            "format",
            "must be one of the named values"
        );
        violations.ThrowIfAny();
        return request.Format;
    }

    private static (Guid Id, BreachWording Wording) ReadWording(string breachId, BreachWording given)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(breachId, "breach_id", violations),
            new BreachWording(
                Fields.Text(given.SummaryFr, "summary_fr", 20, LongestReason, violations),
                Fields.Text(given.SummaryEn, "summary_en", 20, LongestReason, violations),
                Fields.Text(given.AdviceFr, "advice_fr", ShortestReason, LongestReason, violations),
                Fields.Text(given.AdviceEn, "advice_en", ShortestReason, LongestReason, violations)
            )
        );
        violations.ThrowIfAny();
        return read;
    }

    private static BreachAssessment Read(V1.BreachAssessment given, Violations violations) =>
        new(
            BreachWireEnum.Many<V1.BreachNature, BreachNature>(given.Natures, "assessment.natures", 1, violations),
            BreachWireEnum.Needed<V1.BreachOrigin, BreachOrigin>(given.Origin, "assessment.origin", violations),
            BreachWireEnum.Needed<V1.BreachCause, BreachCause>(given.Cause, "assessment.cause", violations),
            BreachWireEnum.Many<V1.BreachData, BreachData>(given.Data, "assessment.data", 1, violations),
            given.SensitiveData,
            Count(given.RecordCount, "assessment.record_count", violations),
            BreachWireEnum.Many<V1.BreachPersons, BreachPersons>(given.Persons, "assessment.persons", 1, violations),
            Count(given.PersonCount, "assessment.person_count", violations),
            Fields.Text(given.MeasuresBefore, "assessment.measures_before", 0, LongestText, violations),
            Fields.Text(given.Consequences, "assessment.consequences", 0, LongestText, violations),
            BreachWireEnum.Many<V1.BreachHarm, BreachHarm>(given.Harms, "assessment.harms", 0, violations),
            BreachWireEnum.Needed<V1.BreachSeverity, BreachSeverity>(given.Severity, "assessment.severity", violations),
            BreachWireEnum.Needed<V1.BreachRisk, BreachRisk>(given.Risk, "assessment.risk", violations),
            Fields.Text(given.MeasuresAfter, "assessment.measures_after", 0, LongestText, violations),
            Fields.Text(given.OtherOrganisations, "assessment.other_organisations", 0, LongestReason, violations),
            given.CrossBorder,
            Fields.Text(given.OtherNotifications, "assessment.other_notifications", 0, LongestReason, violations)
        );

    private static long Count(long value, string field, Violations violations)
    {
        violations.Check(value is >= 0 and <= 10_000_000_000, field, "must be 0 to 10,000,000,000");
        return value;
    }

    private static void CheckTimes(Instant? occur, Instant? end, Instant now, Violations violations)
    {
        violations.Check(occur is null || occur <= now, "occur_time", "must not lie in the future");
        violations.Check(
            end is null || (end <= now && (occur is null || end >= occur)),
            "end_time",
            "must lie between occur_time and now"
        );
    }
}
