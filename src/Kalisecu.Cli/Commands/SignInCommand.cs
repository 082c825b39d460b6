using System.CommandLine;
using Kalisecu.Certificates;
using Kalisecu.Cli.Commands.Parts;
using Spectre.Console;
using SignInClient = Kalisecu.Accounts.V1.SessionService.SessionServiceClient;

namespace Kalisecu.Cli.Commands;

/// <summary>Signs a person in; the session stays in the data folder until it ends or the person signs out.</summary>
internal static class SignInCommand
{
    private static readonly Option<string?> Email = Options.Text("--email", "ADDRESS", "E-mail address");
    private static readonly Secrets Password = new("password");

    private static readonly Option<string?> Code = Options.Text(
        "--code",
        "DIGITS",
        "Code of the second factor; empty for a member without one"
    );

    private static readonly Option<string?> Tenant = Options.Text(
        "--of",
        "TENANT",
        "Tenant of the member, its id, when there are several"
    );

    public static Command Create() =>
        new Leaf("sign-in", "Sign in, as staff or as a member", "sign-in --email ada@kalisecu.fr")
        {
            Email,
            Password.File,
            Password.Stdin,
            Code,
            Tenant,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        var request = new Accounts.V1.SignInRequest
        {
            Email = run.Get(Email) ?? await run.AskAsync("E-mail", "--email", cancellationToken),
            Password = await Password.ReadAsync(run, cancellationToken),
            TotpCode = run.Get(Code) ?? await AskCode(run, cancellationToken),
            TenantId = run.Get(Tenant) ?? "",
        };
        using var connection = Connection.Open(run.Target() with { SessionFile = null });
        var client = new SignInClient(connection.Invoker);
        var answer = await client.SignInAsync(request, cancellationToken: cancellationToken);
        if (answer.Choices.Count > 0)
        {
            request.TenantId = await AskTenant(run, answer.Choices, cancellationToken);
            answer = await client.SignInAsync(request, cancellationToken: cancellationToken);
        }

        Keep(run.Data, answer);
        SessionCommands.Print(run.Output, answer.Session);
        return ExitCodes.Ok;
    }

    /// <summary>Keeps the session for the commands that follow. A member's tenant comes with the session.</summary>
    public static void Keep(OneMachine.DataFolder data, Accounts.V1.SignInResponse answer)
    {
        Directory.CreateDirectory(data.Secrets);
        PemFiles.WriteSecret(data.Session, answer.SessionToken + "\n");
        if (answer.Session.PersonKind == Accounts.V1.PersonKind.Member)
        {
            File.Delete(data.Tenant);
        }
    }

    // A member may have no second factor: an empty answer is one.
    private static Task<string> AskCode(Invocation run, CancellationToken cancellationToken) =>
        run.AskAsync(
            new TextPrompt<string>("Code of the second factor (empty: none):").AllowEmpty(),
            "the code of the second factor is missing",
            "give it with --code, empty for a member without one",
            cancellationToken
        );

    private static async Task<string> AskTenant(
        Invocation run,
        IReadOnlyCollection<Accounts.V1.TenantChoice> choices,
        CancellationToken cancellationToken
    )
    {
        var prompt = new SelectionPrompt<string>().Title("Which tenant?").AddChoices(choices.Select(Line));
        var chosen = await run.AskAsync(
            prompt,
            "this person is a member of several tenants",
            $"name one with --of: {string.Join("; ", choices.Select(Line))}",
            cancellationToken
        );
        return choices.Single(choice => string.Equals(Line(choice), chosen, StringComparison.Ordinal)).TenantId;
    }

    private static string Line(Accounts.V1.TenantChoice choice) =>
        Markup.Escape($"{choice.TenantId} {Show.Safe(choice.DisplayName)}");
}
