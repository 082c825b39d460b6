using System.CommandLine;
using Kalisecu.Accounts.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>How an invited person sets a password, and staff a second factor too.</summary>
internal static class AcceptInvitation
{
    private static readonly Secrets Token = new("token");
    private static readonly Secrets Password = new("password");

    private static readonly Option<string?> Code = Options.Text(
        "--code",
        "DIGITS",
        "First code of the second factor, to complete an invitation that was accepted before"
    );

    public static Command Create(string group) =>
        new Leaf(
            "accept",
            "Accept an invitation: set a password, and for staff a second factor",
            $"{group} accept --token-file invitation.txt"
        )
        {
            Token.File,
            Token.Stdin,
            Password.File,
            Password.Stdin,
            Code,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = Connection.Open(run.Target() with { SessionFile = null });
        var client = new SessionService.SessionServiceClient(connection.Invoker);
        var token = await Token.ReadAsync(run, cancellationToken);
        if (run.Get(Code) is { } code)
        {
            return await Complete(run, client, token, code, cancellationToken);
        }

        var request = new AcceptInvitationRequest
        {
            InvitationToken = token,
            Password = await Password.ReadAsync(run, cancellationToken),
        };
        var answer = await client.AcceptInvitationAsync(request, cancellationToken: cancellationToken);
        if (answer.SecondFactor is not { } factor)
        {
            run.Output.Say("The account is active: sign in with 'kalisecu sign-in'.");
            return ExitCodes.Ok;
        }

        run.Output.Item(
            factor,
            new("Secret", f => f.Secret),
            new("URI", f => f.OtpauthUri),
            new("Complete before", _ => Show.Time(answer.ExpireTime))
        );
        if (!run.Terminal.CanAsk)
        {
            run.Output.Say(
                "Put it into an authenticator app, then run this again with --code and the app's first code."
            );
            return ExitCodes.Ok;
        }

        run.Output.Say("Put it into an authenticator app.");
        var first = await run.AskAsync("First code", "--code", cancellationToken);
        return await Complete(run, client, token, first, cancellationToken);
    }

    private static async Task<int> Complete(
        Invocation run,
        SessionService.SessionServiceClient client,
        string token,
        string code,
        CancellationToken cancellationToken
    )
    {
        var request = new CompleteInvitationRequest { InvitationToken = token, TotpCode = code };
        await client.CompleteInvitationAsync(request, cancellationToken: cancellationToken);
        run.Output.Say("The account is active: sign in with 'kalisecu sign-in'.");
        return ExitCodes.Ok;
    }
}
