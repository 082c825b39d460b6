using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Tenants.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Client companies.</summary>
internal static class TenantsCommand
{
    private static readonly Argument<string> Which = new("TENANT")
    {
        Description = "Its id or slug [default: as --tenant]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    // What closes a client is never taken from a default.
    private static readonly Argument<string> Closed = Options.Id("tenant", "Its id or slug");

    private static readonly Option<string> Name = Options.Needed("--name", "TEXT", "Name of the company");
    private static readonly Option<string> Slug = Options.Needed("--slug", "SLUG", "Short name, never changed");
    private static readonly Option<Plan> BoughtPlan = Words.One<Plan>("--plan", "What the client bought").Needed();
    private static readonly Option<string?> Siren = Options.Text("--siren", "DIGITS", "SIREN, 9 digits");
    private static readonly Option<Language> MembersLanguage = Words.One<Language>("--language", "Language of members");
    private static readonly Option<string?> NewName = Options.Text("--name", "TEXT", "New name");
    private static readonly Option<Plan> NewPlan = Words.One<Plan>("--plan", "New plan");

    private static readonly Option<TenantState[]> States = Words.Many<TenantState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<Tenant>[] Columns =
    [
        new("Tenant", t => t.TenantId),
        new("Slug", t => t.Slug),
        new("Name", t => t.DisplayName),
        new("Plan", t => Words.Of(t.Plan)),
        new("Language", t => Words.Of(t.Language)),
        new("State", t => Words.Of(t.State)),
        new("Created", t => Show.Time(t.CreateTime)),
    ];

    private static readonly Column<Tenant>[] Properties =
    [
        .. Columns,
        new("SIREN", t => t.Siren),
        new("Closed", t => Show.Time(t.CloseTime)),
        new("Etag", t => t.Etag),
    ];

    public static Command Create() =>
        new("tenants", "Client companies")
        {
            new Leaf(
                "create",
                "Create a tenant",
                "tenants create --name 'Boulangerie Martin' --slug boulangerie-martin --plan surveillance"
            )
            {
                Name,
                Slug,
                BoughtPlan,
                Siren,
                MembersLanguage,
            }.Runs(Create),
            new Leaf("list", "List tenants", "tenants list --state open") { States, Options.Limit }.Runs(List),
            new Leaf("get", "Show a tenant", "tenants get boulangerie-martin") { Which }.Runs(Get),
            new Leaf("update", "Change a tenant", "tenants update boulangerie-martin --plan pilot")
            {
                Which,
                NewName,
                NewPlan,
                Siren,
                MembersLanguage,
                Options.Etag,
            }.Runs(Update),
            new Leaf(
                "close",
                "Close a tenant, which starts its retention and deletes nothing",
                "tenants close boulangerie-martin --reason 'end of contract'"
            )
            {
                Closed,
                Options.Reason,
            }.Runs(Close),
        };

    private static async Task<int> Create(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new CreateTenantRequest
        {
            RequestId = Changes.RequestId(),
            DisplayName = run.Get(Name),
            Slug = run.Get(Slug),
            Plan = run.Get(BoughtPlan),
            Siren = run.Get(Siren) ?? "",
            Language = run.Get(MembersLanguage),
        };
        var answer = await Client(connection).CreateTenantAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Tenant, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ListTenantsRequest { States = { run.Get(States) } };
        return await run.ListAsync(
            request,
            Client(connection).ListTenantsAsync,
            page => page.Tenants,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(run.Get(Which), cancellationToken);
        var answer = await Client(connection)
            .GetTenantAsync(new GetTenantRequest(), cancellationToken: cancellationToken);
        run.Output.Item(answer.Tenant, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Update(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(run.Get(Which), cancellationToken);
        var request = new UpdateTenantRequest
        {
            RequestId = Changes.RequestId(),
            DisplayName = run.Get(NewName) ?? "",
            Plan = run.Get(NewPlan),
            Siren = run.Get(Siren) ?? "",
            Language = run.Get(MembersLanguage),
            UpdateMask = run.Mask(
                (NewName, "display_name"),
                (NewPlan, "plan"),
                (Siren, "siren"),
                (MembersLanguage, "language")
            ),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).UpdateTenantAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Tenant, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Close(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(run.Get(Closed), cancellationToken);
        var request = new CloseTenantRequest { RequestId = Changes.RequestId(), Reason = run.Get(Options.Reason) };
        var answer = await Client(connection).CloseTenantAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Tenant, Properties);
        return ExitCodes.Ok;
    }

    private static TenantService.TenantServiceClient Client(Connection connection) => new(connection.Invoker);
}
