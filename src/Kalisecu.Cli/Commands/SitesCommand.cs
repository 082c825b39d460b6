using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Tenants.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The websites of a tenant.</summary>
internal static class SitesCommand
{
    private static readonly Argument<string> Id = Options.Id("site", "Id of the site");
    private static readonly Option<string> Name = Options.Needed("--name", "TEXT", "Name shown to people");
    private static readonly Option<string> Url = Options.Needed("--url", "URL", "Its address, never changed");
    private static readonly Option<string?> NewName = Options.Text("--name", "TEXT", "New name");

    private static readonly Option<string[]> Technologies = Options.Texts(
        "--technology",
        "TEXT",
        "What it is made with, once for each"
    );

    private static readonly Option<SiteState[]> States = Words.Many<SiteState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<Site>[] Columns =
    [
        new("Site", s => s.SiteId),
        new("Name", s => s.DisplayName),
        new("URL", s => s.Url),
        new("State", s => Words.Of(s.State)),
        new("Authorised", s => Show.YesNo(s.Authorised)),
        new("Created", s => Show.Time(s.CreateTime)),
    ];

    private static readonly Column<Site>[] Properties =
    [
        .. Columns,
        new("Technologies", s => string.Join(", ", s.Technologies)),
        new("Closed", s => Show.Time(s.CloseTime)),
        new("Etag", s => s.Etag),
    ];

    public static Command Create() =>
        new("sites", "The websites of a tenant")
        {
            new Leaf("create", "Create a site", "sites create --name 'La boutique' --url https://boutique.example/")
            {
                Name,
                Url,
                Technologies,
            }.Runs(Create),
            new Leaf("list", "List sites", "sites list --tenant boulangerie-martin") { States, Options.Limit }.Runs(
                List
            ),
            new Leaf("get", "Show a site", "sites get SITE") { Id }.Runs(Get),
            new Leaf("update", "Change name or technologies", "sites update SITE --technology 'wordpress 6.5'")
            {
                Id,
                NewName,
                Technologies,
                Options.Etag,
            }.Runs(Update),
            new Leaf("close", "Close a site, which starts its retention and deletes nothing", "sites close SITE")
            {
                Id,
            }.Runs(Close),
            SiteCredentialsCommand.Create(),
        };

    private static async Task<int> Create(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CreateSiteRequest
        {
            RequestId = Changes.RequestId(),
            DisplayName = run.Get(Name),
            Url = run.Get(Url),
            Technologies = { run.Get(Technologies) },
        };
        var answer = await Client(connection).CreateSiteAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Site, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListSitesRequest { States = { run.Get(States) } };
        return await run.ListAsync(
            request,
            Client(connection).ListSitesAsync,
            page => page.Sites,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetSiteRequest { SiteId = run.Get(Id) };
        var answer = await Client(connection).GetSiteAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Site, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Update(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new UpdateSiteRequest
        {
            RequestId = Changes.RequestId(),
            SiteId = run.Get(Id),
            DisplayName = run.Get(NewName) ?? "",
            Technologies = { run.Get(Technologies) },
            UpdateMask = run.Mask((NewName, "display_name"), (Technologies, "technologies")),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).UpdateSiteAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Site, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Close(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CloseSiteRequest { RequestId = Changes.RequestId(), SiteId = run.Get(Id) };
        var answer = await Client(connection).CloseSiteAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Site, Properties);
        return ExitCodes.Ok;
    }

    private static SiteService.SiteServiceClient Client(Connection connection) => new(connection.Invoker);
}
