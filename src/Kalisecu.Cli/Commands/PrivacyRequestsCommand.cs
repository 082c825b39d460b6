using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Requests of persons about their data, and the calculator of their due dates.</summary>
internal static class PrivacyRequestsCommand
{
    public static Argument<string> Id { get; } = Options.Id("request", "Id of the request");

    public static Column<PrivacyRequest>[] Columns { get; } =
    [
        new("Request", r => r.PrivacyRequestId),
        new("Reference", r => r.Reference),
        new("Rights", r => string.Join(", ", r.Rights.Select(right => Words.Of(right.Right)))),
        new("State", r => Words.Of(r.State)),
        new("Received", r => r.ReceivedDate),
        new("Due", r => r.DueDate),
        new("Days left", r => r.CloseTime is null ? $"{r.DaysLeft}{(r.Overdue ? " (late)" : "")}" : "", IsNumber: true),
        new("Persons", r => $"{r.Subjects.Count}", IsNumber: true),
    ];

    private static readonly Column<PrivacyRequest>[] Properties =
    [
        .. Columns[..2],
        new("Channel", r => Words.Of(r.Channel)),
        new("State", r => Words.Of(r.State)),
        new("Rights", r => string.Join(", ", r.Rights.Select(Outcome))),
        new("Persons", r => string.Join(", ", r.Subjects.Select(s => $"{Words.Of(s.Kind)} {s.PersonId}"))),
        new("Received", r => r.ReceivedDate),
        new("Due", r => r.DueDate + (r.ExtendNoticeTime is null ? "" : " (extended)") + (r.Overdue ? " (late)" : "")),
        new("Due, suspended days counted", r => r.SuspendedDueDate),
        new("Rule", r => r.RuleVersion),
        new("Can be extended", r => Show.YesNo(r.Extendable)),
        new(
            "Identity",
            r => Words.Of(r.IdentityState) + (r.IdentityGrounds.Length > 0 ? $": {r.IdentityGrounds}" : "")
        ),
        new("Name", r => r.RequesterName),
        new("E-mail", r => r.Email),
        new("Address", r => r.PostalAddress),
        new("Asked", r => r.Details),
        new("Linked to", r => r.LinkedPrivacyRequestId),
        new("Originals", r => string.Join(", ", r.Originals.Select(o => $"{o.FileName} ({o.OriginalId})"))),
        new("Acknowledged", r => Show.Time(r.AcknowledgeTime)),
        new("Closed", r => Show.Time(r.CloseTime) + (r.AnsweredLate ? " (late)" : "")),
        new("Reasons", r => r.CloseReasons.Length > 0 ? r.CloseReasons : r.ExtendReasons),
        new("Etag", r => r.Etag),
    ];

    public static Command Create()
    {
        var command = new Command("privacy-requests", "Requests of persons about their data");
        Command[] parts =
        [
            .. PrivacyRequestIntake.All,
            .. PrivacyRequestAnswers.All,
            .. ExportCommands.All,
            .. PersonRightsCommands.All,
            .. ErasureCommands.All,
            ReplayErasuresCommand.Create(),
        ];
        foreach (var part in parts)
        {
            command.Subcommands.Add(part);
        }

        command.Subcommands.Add(DueDateCommand.Create());
        return command;
    }

    public static int Print(Invocation run, PrivacyRequest request)
    {
        run.Output.Item(request, Properties);
        return ExitCodes.Ok;
    }

    public static PrivacyRequestService.PrivacyRequestServiceClient Client(Connection connection) =>
        new(connection.Invoker);

    private static string Outcome(RequestedRight right) =>
        Words.Of(right.Right) + (right.Outcome is RightOutcome.Unspecified ? "" : $" ({Words.Of(right.Outcome)})");
}
