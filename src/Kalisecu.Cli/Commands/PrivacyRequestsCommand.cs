using System.CommandLine;

namespace Kalisecu.Cli.Commands;

/// <summary>Requests of persons about their data, and the calculator of their due dates.</summary>
internal static class PrivacyRequestsCommand
{
    public static Command Create() =>
        new("privacy-requests", "Requests of persons about their data") { DueDateCommand.Create() };
}
