using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Tenants.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Test credentials of a site: written, listed by name, and revealed with a reason.</summary>
internal static class SiteCredentialsCommand
{
    private static readonly Argument<string> Site = Options.Id("site", "Id of the site");
    private static readonly Argument<string> Id = Options.Id("credential", "Id of the credential");
    private static readonly Option<string> Name = Options.Needed("--name", "TEXT", "Name that tells it from others");
    private static readonly Option<string?> User = Options.Text("--user", "TEXT", "Name to sign in with");
    private static readonly Option<string?> LoginUrl = Options.Text("--login-url", "URL", "Page to sign in on");
    private static readonly Secrets Secret = new("secret");

    private static readonly Column<SiteCredential>[] Columns =
    [
        new("Credential", c => c.CredentialId),
        new("Name", c => c.Name),
        new("Page", c => c.LoginUrl),
        new("Set", c => Show.Time(c.UpdateTime)),
        new("Last revealed", c => Show.Time(c.RevealTime)),
    ];

    public static Command Create() =>
        new("credentials", "Test credentials of a site")
        {
            new Leaf(
                "set",
                "Set a credential, in place of one with the same name",
                "sites credentials set SITE --name 'editor account' --user editor --secret-file editor.txt"
            )
            {
                Site,
                Name,
                User,
                LoginUrl,
                Secret.File,
                Secret.Stdin,
            }.Runs(Set),
            new Leaf("list", "List names and times, never secrets", "sites credentials list SITE")
            {
                Site,
                Options.Limit,
            }.Runs(List),
            new Leaf("remove", "Destroy a credential", "sites credentials remove SITE CREDENTIAL") { Site, Id }.Runs(
                Remove
            ),
            new Leaf(
                "reveal",
                "Show a credential in clear, which stays in the evidence",
                "sites credentials reveal SITE CREDENTIAL --reason 'check the login by hand'"
            )
            {
                Site,
                Id,
                Options.Reason,
            }.Runs(Reveal),
        };

    private static async Task<int> Set(Invocation run, CancellationToken cancellationToken)
    {
        var secret = await Secret.ReadAsync(run, cancellationToken);
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new SetSiteCredentialRequest
        {
            RequestId = Changes.RequestId(),
            SiteId = run.Get(Site),
            Name = run.Get(Name),
            UserName = run.Get(User) ?? "",
            Secret = secret,
            LoginUrl = run.Get(LoginUrl) ?? "",
        };
        var answer = await Client(connection).SetSiteCredentialAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Credential, Columns);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListSiteCredentialsRequest { SiteId = run.Get(Site) };
        return await run.ListAsync(
            request,
            Client(connection).ListSiteCredentialsAsync,
            page => page.Credentials,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Remove(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RemoveSiteCredentialRequest
        {
            RequestId = Changes.RequestId(),
            SiteId = run.Get(Site),
            CredentialId = run.Get(Id),
        };
        await Client(connection).RemoveSiteCredentialAsync(request, cancellationToken: cancellationToken);
        run.Output.Say("The credential is destroyed.");
        return ExitCodes.Ok;
    }

    private static async Task<int> Reveal(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RevealSiteCredentialRequest
        {
            SiteId = run.Get(Site),
            CredentialId = run.Get(Id),
            Reason = run.Get(Options.Reason),
        };
        var answer = await Client(connection).RevealSiteCredentialAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(
            answer,
            new("User", c => c.UserName),
            new("Secret", c => c.Secret),
            new("Page", c => c.LoginUrl)
        );
        return ExitCodes.Ok;
    }

    private static SiteService.SiteServiceClient Client(Connection connection) => new(connection.Invoker);
}
