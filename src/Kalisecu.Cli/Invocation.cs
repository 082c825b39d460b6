using System.CommandLine;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli;

/// <summary>One run of one command: its options, where it speaks, whom it calls.</summary>
internal sealed class Invocation
{
    private readonly ParseResult _parsed;

    public Invocation(ParseResult parsed)
    {
        _parsed = parsed;
        Terminal = parsed.InvocationConfiguration as Terminal ?? new Terminal();
        Output = new Output(parsed.GetValue(GlobalOptions.Json), Terminal.Results, Terminal.Messages);
    }

    public Terminal Terminal { get; }

    public Output Output { get; }

    public DataFolder Data => new(Path.GetFullPath(_parsed.GetValue(GlobalOptions.Data)!));

    public T Get<T>(Option<T> option) => _parsed.GetValue(option)!;

    public T Get<T>(Argument<T> argument) => _parsed.GetValue(argument)!;

    public bool Has(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>Opens a channel for calls to the whole platform, with the options given, and for the rest with what the data folder holds.</summary>
    public Connection Connect() => Connection.Open(Target());

    /// <summary>Opens a channel for calls in one tenant: the one named with --tenant, else the one that was chosen with 'use'.</summary>
    public Task<Connection> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(null, cancellationToken);

    /// <summary>The same for a command that may name its tenant itself.</summary>
    public async Task<Connection> ConnectAsync(string? tenantOfCommand, CancellationToken cancellationToken)
    {
        var tenant =
            (tenantOfCommand ?? _parsed.GetValue(GlobalOptions.Tenant)) is { } named
                ? await new TenantChoosing(Target()).FindAsync(named, cancellationToken)
            : File.Exists(Data.Tenant) ? (await File.ReadAllTextAsync(Data.Tenant, cancellationToken)).Trim()
            : null;
        return Connection.Open(Target() with { Tenant = tenant });
    }

    /// <summary>Where the server is and with which identity it is called.</summary>
    public ConnectionTarget Target()
    {
        var target = Data.Target(MachineSettings.Read(Data)?.Port ?? MachineSettings.DefaultPort);
        return target with
        {
            Server = _parsed.GetValue(GlobalOptions.Server) is { } server ? ReadServer(server) : target.Server,
            CertificateFile = _parsed.GetValue(GlobalOptions.Certificate) ?? target.CertificateFile,
            KeyFile = _parsed.GetValue(GlobalOptions.Key) ?? target.KeyFile,
            AuthorityFile = _parsed.GetValue(GlobalOptions.Authority) ?? target.AuthorityFile,
        };
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
