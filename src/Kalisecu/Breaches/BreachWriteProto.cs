using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;
using static Kalisecu.Breaches.BreachWireEnum;

namespace Kalisecu.Breaches;

/// <summary>All that is shown with a breach.</summary>
internal sealed record BreachView(
    Breach Breach,
    IReadOnlyList<BreachAlarm> Alarms,
    IReadOnlyList<BreachNotification> Notifications,
    IReadOnlyList<RecipientCount> Recipients
);

/// <summary>How many recipients of a breach there are, in one audience and state.</summary>
internal sealed record RecipientCount(Guid BreachId, BreachAudience Audience, bool Posted, bool Unreachable, int Count);

/// <summary>Breaches as callers see them.</summary>
internal static partial class BreachProto
{
    public static V1.Breach Write(BreachView view, BreachRecords records, FrenchHolidays holidays, Instant now)
    {
        var breach = view.Breach;
        string Open(byte[]? value, string what) => records.Open(value, what, breach.BreachId);
        var written = new V1.Breach
        {
            BreachId = breach.BreachId.ToString("D"),
            Reference = breach.Reference,
            State = ToWire<BreachState, V1.BreachState>(breach.State),
            Drill = breach.Drill,
            Facts = Open(breach.Facts, "facts"),
            Circumstances = Open(breach.Circumstances, "circumstances"),
            OccurTime = Time(breach.OccurTime),
            EndTime = Time(breach.EndTime),
            DetectTime = Fields.Write(breach.DetectTime),
            CreateTime = Fields.Write(breach.CreateTime),
            AwareTime = Time(breach.Phases.AwareTime),
            AwareGrounds = Open(breach.AwareGrounds, "aware_grounds"),
            Clock = Clock(view, holidays, now),
            Assessment = records.OpenAssessment(breach) is { } said ? Write(said) : null,
            DecisionReasons = Open(breach.Phases.DecisionReasons, "decision_reasons"),
            Notifications = { view.Notifications.Select(n => Write(n, records)) },
            CommunicationReasons = Open(breach.Telling.CommunicationReasons, "communication_reasons"),
            Reach = Reach(breach),
            PersonsTelling = Telling(breach.Telling.PersonsTellTime, view.Recipients, BreachAudience.Person),
            ClientsTelling = Telling(breach.Telling.ClientsTellTime, view.Recipients, BreachAudience.Client),
            CloseTime = Time(breach.CloseTime),
            Lessons = Open(breach.Lessons, "lessons"),
            Etag = Etag.Write(breach.Version),
        };
        if (breach.Phases.Decision is { } decision)
        {
            written.Decision = ToWire<NotificationDecision, V1.NotificationDecision>(decision);
        }

        if (breach.Telling.Communication is { } communication)
        {
            written.Communication = ToWire<CommunicationDecision, V1.CommunicationDecision>(communication);
        }

        return written;
    }

    public static V1.BreachRecipient Write(BreachRecipient recipient) =>
        new()
        {
            Audience = ToWire<BreachAudience, V1.BreachAudience>(recipient.Audience),
            TenantId = recipient.PersonTenantId == TenantScope.Platform ? "" : recipient.PersonTenantId.ToString("D"),
            PersonId = recipient.PersonId.ToString("D"),
            PersonKind = Word(recipient.PersonKind.ToString()),
            LetterId = recipient.LetterId?.ToString("D") ?? "",
            PostTime = Time(recipient.PostTime),
            UnreachableReason = recipient.UnreachableReason ?? "",
        };

    private static V1.BreachClock? Clock(BreachView view, FrenchHolidays holidays, Instant now)
    {
        var breach = view.Breach;
        if (breach.Phases.AwareTime is not { } aware)
        {
            return null;
        }

        var clock = new BreachClock(aware);
        return new V1.BreachClock
        {
            DueTime = Fields.Write(clock.Due),
            RuleVersion = breach.Phases.RuleVersion,
            Running = breach.Phases.IsClockRunning,
            Late = breach.IsLate(now),
            NextAlarmTime = Time(breach.Phases.NextAlarmTime),
            Alarms = { view.Alarms.Select(Write) },
            NextFullHourDueTime = Fields.Write(clock.FromNextFullHour),
            TwoWorkingDaysDueTime = Fields.Write(clock.WithTwoWorkingDays(holidays)),
            ComplementDueTime = Time(breach.Phases.ComplementDueTime),
        };
    }

    private static V1.BreachAlarm Write(BreachAlarm alarm) =>
        new()
        {
            Hours = alarm.Hours,
            AlarmTime = Fields.Write(alarm.AlarmTime),
            PostTime = Fields.Write(alarm.PostTime),
            EscalateTime = Time(alarm.EscalateTime),
            AcknowledgeTime = Time(alarm.AcknowledgeTime),
            AcknowledgeActor = alarm.AcknowledgeActor ?? "",
        };

    private static V1.BreachNotification Write(BreachNotification notification, BreachRecords records) =>
        new()
        {
            Number = notification.Number,
            Kind = notification.IsInitial ? V1.NotificationKind.Initial : V1.NotificationKind.Complementary,
            Complete = notification.Complete,
            FinishTime = Fields.Write(notification.FinishTime),
            FileDigest = ByteString.CopyFrom(notification.FileDigest),
            DelayReasons = records.Open(notification.DelayReasons, "delay_reasons", notification.BreachId),
            SubmitTime = Time(notification.SubmitTime),
            ReceiptNumber = notification.ReceiptNumber ?? "",
        };

    private static V1.BreachAssessment Write(BreachAssessment said) =>
        new()
        {
            Natures = { said.Natures.Select(ToWire<BreachNature, V1.BreachNature>) },
            Origin = ToWire<BreachOrigin, V1.BreachOrigin>(said.Origin),
            Cause = ToWire<BreachCause, V1.BreachCause>(said.Cause),
            Data = { said.Data.Select(ToWire<BreachData, V1.BreachData>) },
            SensitiveData = said.SensitiveData,
            RecordCount = said.RecordCount,
            Persons = { said.Persons.Select(ToWire<BreachPersons, V1.BreachPersons>) },
            PersonCount = said.PersonCount,
            MeasuresBefore = said.MeasuresBefore,
            Consequences = said.Consequences,
            Harms = { said.Harms.Select(ToWire<BreachHarm, V1.BreachHarm>) },
            Severity = ToWire<BreachSeverity, V1.BreachSeverity>(said.Severity),
            Risk = ToWire<BreachRisk, V1.BreachRisk>(said.Risk),
            MeasuresAfter = said.MeasuresAfter,
            OtherOrganisations = said.OtherOrganisations,
            CrossBorder = said.CrossBorder,
            OtherNotifications = said.OtherNotifications,
        };

    private static V1.BreachReach? Reach(Breach breach) =>
        breach.Telling.ReachTime is not { } time
            ? null
            : new V1.BreachReach
            {
                FindTime = Fields.Write(time),
                Stores = { breach.Telling.ReachStores },
                TenantIds = { breach.Telling.ReachTenantIds.Select(t => t.ToString("D")) },
                ClientCount = breach.Telling.ReachClientCount,
                PersonCount = breach.Telling.ReachPersonCount,
                PersonKinds = { breach.Telling.ReachPersonKinds.Select(Word) },
                DataCategories = { breach.Telling.ReachCategories.Select(Word) },
            };

    private static V1.BreachTelling? Telling(
        Instant? time,
        IReadOnlyList<RecipientCount> counts,
        BreachAudience audience
    )
    {
        if (time is not { } told)
        {
            return null;
        }

        var own = counts.Where(c => c.Audience == audience).ToList();
        return new V1.BreachTelling
        {
            TellTime = Fields.Write(told),
            RecipientCount = own.Sum(c => c.Count),
            PostedCount = own.Where(c => c.Posted).Sum(c => c.Count),
            UnreachableCount = own.Where(c => c.Unreachable).Sum(c => c.Count),
        };
    }

    private static Timestamp? Time(Instant? moment) => moment is { } known ? Fields.Write(known) : null;

    // Names of the domain as the contract writes them: one word each.
    private static string Word(string name) => name.ToLowerInvariant();
}
