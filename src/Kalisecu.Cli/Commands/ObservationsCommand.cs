using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Findings.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Observed facts of a site's configuration.</summary>
internal static class ObservationsCommand
{
    private static readonly Option<string> Site = Options.Needed("--site", "SITE", "Id of the site");
    private static readonly Option<string?> Kind = Options.Text("--kind", "PREFIX", "Only those whose kind begins so");
    private static readonly Option<bool> OpenOnly = new("--open") { Description = "Leave out those that hold no more" };

    private static readonly Column<Observation>[] Columns =
    [
        new("Kind", o => o.Kind),
        new("Place", o => o.Place),
        new("Value", o => o.Value),
        new("Tool", o => o.Tool),
        new("Since", o => Show.Time(o.OpenTime)),
        new("Until", o => Show.Time(o.CloseTime)),
        new("Bears on", o => o.Check),
    ];

    public static Command Create() =>
        new("observations", "Observed facts of a site's configuration")
        {
            new Leaf("list", "List observations", "observations list --site SITE --kind tls. --open")
            {
                Site,
                Kind,
                OpenOnly,
                Options.Limit,
            }.Runs(List),
        };

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListObservationsRequest
        {
            SiteId = run.Get(Site),
            KindPrefix = run.Get(Kind) ?? "",
            OpenOnly = run.Get(OpenOnly),
        };
        return await run.ListAsync(
            request,
            new FindingService.FindingServiceClient(connection.Invoker).ListObservationsAsync,
            page => page.Observations,
            Columns,
            cancellationToken
        );
    }
}
