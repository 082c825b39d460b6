using System.CommandLine;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public static Option<string> Data { get; } =
        new("--data")
        {
            Description = "Data folder of this machine's platform",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => DataFolder.Default,
            Recursive = true,
        };

    public static Option<bool> Json { get; } =
        new("--json") { Description = "One JSON object a line instead of tables", Recursive = true };

    public static Option<string?> Server { get; } =
        Text("--server", "URL", "Server to call [default: the data folder's]");

    public static Option<string?> Certificate { get; } =
        Text("--cert", "FILE", "Client certificate, PEM [default: the data folder's operator]");

    public static Option<string?> Key { get; } = Text("--key", "FILE", "Key of the client certificate, PEM");

    public static Option<string?> Authority { get; } =
        Text("--ca", "FILE", "Authority that vouches for the server, PEM");

    public static Option<string?> Tenant { get; } =
        Text("--tenant", "TENANT", "Tenant to act for, its id or slug; for staff [default: chosen with 'use']");

    public static IReadOnlyList<Option> All { get; } = [Data, Json, Server, Certificate, Key, Authority, Tenant];

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Recursive = true,
        };
}
