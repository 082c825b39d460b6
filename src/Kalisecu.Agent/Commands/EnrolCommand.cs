using System.CommandLine;
using System.CommandLine.Parsing;
using Kalisecu.Agent.Enrolment;
using Spectre.Console;

namespace Kalisecu.Agent.Commands;

/// <summary><c>enrol</c>: makes this machine an agent; <c>renew</c>: a new certificate before its time.</summary>
internal static class EnrolCommand
{
    private const int MutualTlsPort = 7443;

    public static Command Create()
    {
        var server = new Option<Uri>("--server")
        {
            CustomParser = Address,
            Description = "The server's enrolment address, such as https://host:7444.",
            Required = true,
        };
        var service = new Option<Uri?>("--service")
        {
            CustomParser = Address,
            Description = "The server's address for agents. Default: the same host, port 7443.",
        };
        var ca = new Option<string>("--ca")
        {
            Description = "PEM file with the authority by which the server is recognised.",
            Required = true,
        };
        var tokenFile = new Option<string?>("--token-file")
        {
            Description = "File that holds the one-time enrolment token in its first line; - reads standard input.",
        };
        var token = new Option<string?>("--token")
        {
            Description = "The token itself: other users of this machine can read it. Prefer --token-file.",
        };
        var state = AgentCommand.StateOption();
        var command = new Command("enrol", $"Makes this machine an agent. {ExitCodes.Help}")
        {
            server,
            service,
            ca,
            tokenFile,
            token,
            state,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(tokenFile) is null == result.GetValue(token) is null)
            {
                result.AddError("Give the enrolment token with --token-file, or with --token.");
            }
        });
        command.SetAction(
            (arguments, cancellationToken) =>
                AgentCommand.RunAsync(async () =>
                {
                    var enrolment = Https(arguments.GetRequiredValue(server));
                    var order = new EnrolmentOrder(
                        enrolment,
                        Https(arguments.GetValue(service) ?? new UriBuilder(enrolment) { Port = MutualTlsPort }.Uri),
                        arguments.GetRequiredValue(ca),
                        arguments.GetValue(token)
                            ?? await ReadTokenAsync(arguments.GetRequiredValue(tokenFile)!, cancellationToken)
                    );
                    var folder = StateFolder.Choose(arguments.GetValue(state));
                    var identity = await Enroller.EnrolAsync(folder, order, cancellationToken);
                    AnsiConsole.MarkupLineInterpolated(
                        $"Enrolled as [bold]{identity.DisplayName}[/] ({identity.AgentId}), certificate until {identity.ExpireTime}."
                    );
                })
        );
        return command;
    }

    public static Command CreateRenew()
    {
        var service = new Option<Uri?>("--service")
        {
            CustomParser = Address,
            Description = "The server's new address for agents, when it has moved.",
        };
        var state = AgentCommand.StateOption();
        var command = new Command("renew", "Renews the agent's certificate now; it does so by itself when due.")
        {
            service,
            state,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                AgentCommand.RunAsync(async () =>
                {
                    var folder = StateFolder.Choose(arguments.GetValue(state));
                    var moved = arguments.GetValue(service) is { } address ? Https(address) : null;
                    var identity = await AgentChannel.RenewAsync(folder, cancellationToken, moved);
                    AnsiConsole.MarkupLineInterpolated($"Renewed, certificate until {identity.ExpireTime}.");
                })
        );
        return command;
    }

    private static Uri? Address(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var address))
        {
            return address;
        }

        result.AddError($"{result.Tokens.Single().Value} is no address such as https://host:7444.");
        return null;
    }

    private static async Task<string> ReadTokenAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = file is "-" ? Console.In : File.OpenText(file);
            return (await reader.ReadLineAsync(cancellationToken))?.Trim() is { Length: > 0 } token
                ? token
                : throw new AgentProblem(
                    "The enrolment token is empty: write it into the first line.",
                    ExitCodes.Usage
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentProblem($"The enrolment token cannot be read: {exception.Message}", ExitCodes.Usage);
        }
    }

    private static Uri Https(Uri address) =>
        address.IsAbsoluteUri && string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
            ? address
            : throw new AgentProblem($"{address} is no https address.", ExitCodes.Usage);
}
