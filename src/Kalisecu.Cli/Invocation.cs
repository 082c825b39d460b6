using System.CommandLine;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli;

/// <summary>One run of one command: its options, where it speaks, whom it calls.</summary>
internal sealed class Invocation(ParseResult parsed)
{
    public Output Output { get; } = Output.Standard(parsed.GetValue(GlobalOptions.Json));

    public DataFolder Data { get; } = new(Path.GetFullPath(parsed.GetValue(GlobalOptions.Data)!));

    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Opens a channel with the options given, and for the rest with what the data folder holds.</summary>
    public Connection Connect()
    {
        var target = Data.Target(MachineSettings.Read(Data)?.Port ?? MachineSettings.DefaultPort);
        return Connection.Open(
            target with
            {
                Server = parsed.GetValue(GlobalOptions.Server) is { } server ? ReadServer(server) : target.Server,
                CertificateFile = parsed.GetValue(GlobalOptions.Certificate) ?? target.CertificateFile,
                KeyFile = parsed.GetValue(GlobalOptions.Key) ?? target.KeyFile,
                AuthorityFile = parsed.GetValue(GlobalOptions.Authority) ?? target.AuthorityFile,
                Tenant = parsed.GetValue(GlobalOptions.Tenant),
            }
        );
    }

    private static Uri ReadServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var server)
        && string.Equals(server.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
            ? server
            : throw new StepFailed($"'{text}' is no server address", "write it like https://localhost:7443");
}

internal static class CommandRunning
{
    /// <summary>What the command does; whatever it throws becomes a message and an exit code.</summary>
    public static Command Runs(this Command command, Func<Invocation, CancellationToken, Task<int>> action)
    {
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var invocation = new Invocation(parsed);
                try
                {
                    return await action(invocation, cancellationToken);
                }
#pragma warning disable CA1031 // The last place that can say what happened.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    return ErrorPrinter.Print(exception, invocation.Output);
                }
            }
        );
        return command;
    }
}
