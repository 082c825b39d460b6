using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Breaches;

/// <summary>The steps from declaration to closing, but for the notification's file and the letters.</summary>
internal sealed class HandleBreaches(BreachRecords records, IClock clock)
{
    private Instant Now => clock.GetCurrentInstant();

    public async Task<Breach> DeclareAsync(
        KalisecuDb db,
        BreachDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var breach = Breach.Declare(draft, records.Seal, Now);
        db.Add(breach);
        await records.RecordAsync(
            db,
            breach,
            "declared",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["detect_time"] = Text(breach.DetectTime) },
            cancellationToken
        );
        return breach;
    }

    public Task BecomeAwareAsync(
        KalisecuDb db,
        Breach breach,
        Instant awareTime,
        string grounds,
        string actor,
        CancellationToken cancellationToken
    )
    {
        breach.RequireOpen();
        BreachRecords.RequireBetween(awareTime, breach.DetectTime, Now, "aware_time");
        breach.BecomeAware(awareTime, records.Seal(grounds, "aware_grounds", breach.BreachId), Now);
        return records.RecordAsync(
            db,
            breach,
            "aware",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["aware_time"] = Text(breach.Phases.AwareTime!.Value),
                ["due_time"] = Text(breach.Phases.DueTime!.Value),
                ["rule_version"] = breach.Phases.RuleVersion,
            },
            cancellationToken
        );
    }

    public Task AssessAsync(
        KalisecuDb db,
        Breach breach,
        (BreachAssessment Assessment, Instant? Occur, Instant? End) found,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var sealedText = records.Seal(found.Assessment.ToJson(), "assessment", breach.BreachId)!;
        breach.Assess(found.Assessment.Risk, sealedText, found.Occur, found.End, Now);
        return records.RecordAsync(
            db,
            breach,
            "assessed",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["risk"] = found.Assessment.Risk.ToString(),
                ["severity"] = found.Assessment.Severity.ToString(),
                ["person_count"] = found.Assessment.PersonCount,
                ["record_count"] = found.Assessment.RecordCount,
            },
            cancellationToken
        );
    }

    public Task DecideAsync(
        KalisecuDb db,
        Breach breach,
        NotificationDecision decision,
        string reasons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        breach.Decide(decision, records.Seal(reasons, "decision_reasons", breach.BreachId), Now);
        return records.RecordAsync(
            db,
            breach,
            "decided",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["decision"] = decision.ToString() },
            cancellationToken
        );
    }

    public Task DecideCommunicationAsync(
        KalisecuDb db,
        Breach breach,
        CommunicationDecision communication,
        string reasons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        breach.DecideCommunication(communication, records.Seal(reasons, "communication_reasons", breach.BreachId), Now);
        return records.RecordAsync(
            db,
            breach,
            "communication_decided",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["communication"] = communication.ToString() },
            cancellationToken
        );
    }

    public async Task AcknowledgeAsync(KalisecuDb db, Breach breach, string actor, CancellationToken cancellationToken)
    {
        var alarms = await BreachRecords.AlarmsAsync(db, breach.BreachId, cancellationToken);
        var fresh = alarms.Count(a => a.AcknowledgeTime is null);
        breach.Acknowledge(alarms, actor, Now);
        await records.RecordAsync(
            db,
            breach,
            "acknowledged",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["alarm_count"] = fresh },
            cancellationToken
        );
    }

    public async Task CloseAsync(
        KalisecuDb db,
        Breach breach,
        string lessons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var waiting = await BreachRecords.WaitingAsync(db, breach, cancellationToken);
        breach.Close(records.Seal(lessons, "lessons", breach.BreachId), waiting, Now);
        await records.RecordAsync(
            db,
            breach,
            breach.State is BreachState.Closed ? "closed" : "dismissed",
            actor,
            BreachRecords.NoFacts,
            cancellationToken
        );
    }

    private static string Text(Instant moment) => InstantPattern.ExtendedIso.Format(moment);
}
