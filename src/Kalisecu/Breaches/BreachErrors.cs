using System.Globalization;
using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.Breaches;

internal static class BreachErrors
{
    public static Refusal Closed(Guid breachId, BreachState state) =>
        Refuse(Reason.BreachClosed, "The breach is closed.", breachId, "state", state.ToString());

    public static Refusal Aware(Guid breachId, Instant awareTime) =>
        Refuse(
            Reason.BreachAware,
            "The awareness of the breach was recorded before: the clock runs from then.",
            breachId,
            "aware_time",
            InstantPattern.ExtendedIso.Format(awareTime)
        );

    public static Refusal NotAware(Guid breachId) =>
        Refuse(Reason.BreachNotAware, "Nobody has recorded yet that we are aware of the breach.", breachId);

    public static Refusal NotAssessed(Guid breachId) =>
        Refuse(Reason.BreachNotAssessed, "The breach was not assessed yet: the decision follows from it.", breachId);

    public static Refusal RiskDemands(Guid breachId, BreachRisk risk) =>
        Refuse(
            Reason.BreachRiskDemands,
            "The risk that was assessed leaves no such choice: name an exception of the law, or assess again.",
            breachId,
            "risk",
            risk.ToString()
        );

    public static Refusal Notified(Guid breachId, Instant submitTime) =>
        Refuse(
            Reason.BreachNotified,
            "The breach was notified to the CNIL.",
            breachId,
            "submit_time",
            InstantPattern.ExtendedIso.Format(submitTime)
        );

    public static Refusal NotDecided(Guid breachId, string decision) =>
        Refuse(
            Reason.BreachNotDecided,
            "It was not decided to do this: record the decision first.",
            breachId,
            "decision",
            decision
        );

    public static Refusal NotificationIncomplete(Guid breachId, IReadOnlyList<string> missing) =>
        Refuse(
            Reason.NotificationIncomplete,
            "Fields are missing in the file: say them, or finish it as one that is not complete.",
            breachId,
            "missing",
            string.Join(' ', missing)
        );

    public static Refusal DelayReasonsMissing(Guid breachId, Instant dueTime) =>
        Refuse(
            Reason.DelayReasonsMissing,
            "The 72 hours have passed: a late notification gives the reasons for the delay.",
            breachId,
            "due_time",
            InstantPattern.ExtendedIso.Format(dueTime)
        );

    public static Refusal NothingToFile(Guid breachId) =>
        Refuse(Reason.NothingToFile, "There is no finished notification that was not filed.", breachId);

    public static Refusal ReachMissing(Guid breachId) =>
        Refuse(Reason.BreachReachMissing, "It was not looked for yet who is affected.", breachId);

    public static Refusal Told(Guid breachId, Instant tellTime) =>
        Refuse(
            Reason.BreachTold,
            "Letters were asked for already.",
            breachId,
            "tell_time",
            InstantPattern.ExtendedIso.Format(tellTime)
        );

    public static Refusal NoAlarm(Guid breachId) => Refuse(Reason.NoBreachAlarm, "No alarm has gone yet.", breachId);

    public static Refusal Unfinished(Guid breachId, IReadOnlyList<string> missing) =>
        Refuse(
            Reason.BreachUnfinished,
            string.Create(CultureInfo.InvariantCulture, $"{missing.Count} steps are missing before it can be closed."),
            breachId,
            "missing",
            string.Join(' ', missing)
        );

    private static Refusal Refuse(Reason reason, string text, Guid breachId, string? key = null, string value = "")
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["breach_id"] = breachId.ToString("D"),
        };
        if (key is not null)
        {
            metadata[key] = value;
        }

        return new Refusal(StatusCode.FailedPrecondition, reason, text, metadata);
    }
}
