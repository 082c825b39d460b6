using System.CommandLine;
using Kalisecu.Breaches.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>Personal data breaches: the procedure of art. 33 and 34 GDPR, step by step.</summary>
internal static class BreachCommand
{
    public static Argument<string> Id { get; } = Options.Id("breach", "Id of the breach");

    public static Column<Breach>[] Columns { get; } =
    [
        new("Breach", b => b.BreachId),
        new("Reference", b => b.Reference),
        new("State", b => Words.Of(b.State)),
        new("Detected", b => Show.Time(b.DetectTime)),
        new("Aware", b => Show.Time(b.AwareTime)),
        new("Due", Due),
        new("Decision", b => b.Decision is NotificationDecision.Unspecified ? "" : Words.Of(b.Decision)),
        new("Notified", b => string.Join(", ", b.Notifications.Select(n => n.ReceiptNumber).Where(r => r.Length > 0))),
    ];

    private static readonly Column<Breach>[] Properties =
    [
        .. Columns[..3],
        new("Exercise", b => Show.YesNo(b.Drill)),
        new("Facts", b => b.Facts),
        new("Began", b => Show.Time(b.OccurTime)),
        new("Ended", b => Show.Time(b.EndTime)),
        .. Columns[3..6],
        new("Next alarm", b => Show.Time(b.Clock?.NextAlarmTime)),
        new("Alarms", b => string.Join(", ", (b.Clock?.Alarms ?? []).Select(Alarm))),
        new(
            "For information: 1182/71",
            b =>
                b.Clock is null
                    ? ""
                    : $"{Show.Time(b.Clock.NextFullHourDueTime)} or {Show.Time(b.Clock.TwoWorkingDaysDueTime)}"
        ),
        new("Risk", b => b.Assessment is null ? "" : Words.Of(b.Assessment.Risk)),
        new("Decision", b => b.Decision is NotificationDecision.Unspecified ? "" : Words.Of(b.Decision)),
        new("Why", b => b.DecisionReasons),
        new("Notifications", b => string.Join(", ", b.Notifications.Select(Notification))),
        new("Complement due", b => Show.Time(b.Clock?.ComplementDueTime)),
        new("Affected", b => b.Reach is null ? "" : $"{b.Reach.PersonCount} persons, {b.Reach.ClientCount} clients"),
        new("Of which", b => b.Reach is null ? "" : string.Join(", ", b.Reach.DataCategories)),
        new(
            "Persons told",
            b =>
                b.Communication is CommunicationDecision.Unspecified
                    ? ""
                    : $"{Words.Of(b.Communication)} {Told(b.PersonsTelling)}".TrimEnd()
        ),
        new("Clients told", b => Told(b.ClientsTelling)),
        new("Closed", b => Show.Time(b.CloseTime)),
        new("Lessons", b => b.Lessons),
        new("Etag", b => b.Etag),
    ];

    public static Command Create()
    {
        var command = new Command("breach", "Personal data breaches: clock, notification, register");
        foreach (var part in (Command[])[.. BreachSteps.All, .. BreachDecisions.All, .. BreachReading.All])
        {
            command.Subcommands.Add(part);
        }

        command.Subcommands.Add(BreachDrill.Create());
        return command;
    }

    public static int Print(Invocation run, Breach breach)
    {
        run.Output.Item(breach, Properties);
        return ExitCodes.Ok;
    }

    public static BreachService.BreachServiceClient Client(Connection connection) => new(connection.Invoker);

    private static string Due(Breach breach) =>
        breach.Clock is null ? "" : Show.Time(breach.Clock.DueTime) + (breach.Clock.Late ? " (late)" : "");

    private static string Alarm(BreachAlarm alarm) =>
        $"{alarm.Hours} h{(alarm.AcknowledgeTime is null ? "" : " (acknowledged)")}";

    private static string Notification(BreachNotification notification) =>
        $"{notification.Number} {(notification.SubmitTime is null ? "to be filed" : notification.ReceiptNumber)}";

    private static string Told(BreachTelling? telling) =>
        telling is null ? "" : $"{telling.PostedCount} of {telling.RecipientCount} letters written";
}
