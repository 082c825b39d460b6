using System.CommandLine;
using Kalisecu.Agents.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>The scanner agents of a tenant.</summary>
internal static class AgentsCommand
{
    private static readonly Argument<string> Id = Options.Id("agent", "Id of the agent");
    private static readonly Option<string> Name = Options.Needed("--name", "TEXT", "Name shown to people");

    private static readonly Option<AgentState[]> States = Words.Many<AgentState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<Agents.V1.Agent>[] Columns =
    [
        new("Agent", a => a.AgentId),
        new("Name", a => a.DisplayName),
        new("State", a => Words.Of(a.State)),
        new("Last contact", a => Show.Time(a.ContactTime)),
        new("Certificate ends", a => Show.Time(a.CertificateExpireTime)),
    ];

    private static readonly Column<Agents.V1.Agent>[] Properties =
    [
        .. Columns,
        new("Created", a => Show.Time(a.CreateTime)),
        new("Enrolled", a => Show.Time(a.EnrolTime)),
        new("Revoked", a => a.RevokeTime is null ? "" : $"{Show.Time(a.RevokeTime)}: {a.RevokeReason}"),
    ];

    public static Command Create() =>
        new("agents", "The scanner agents of a tenant")
        {
            new Leaf("create", "Create an agent and its one-time token", "agents create --name 'Scanner in Paris'")
            {
                Name,
            }.Runs(Create),
            new Leaf("list", "List agents", "agents list --state enrolled") { States, Options.Limit }.Runs(List),
            new Leaf("get", "Show an agent", "agents get AGENT") { Id }.Runs(Get),
            new Leaf("revoke", "Revoke an agent for good and at once", "agents revoke AGENT --reason 'machine stolen'")
            {
                Id,
                Options.Reason,
            }.Runs(Revoke),
            new Leaf("reissue", "Make a new one-time token, for a machine that lost its key", "agents reissue AGENT")
            {
                Id,
            }.Runs(Reissue),
        };

    private static async Task<int> Create(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CreateAgentRequest { RequestId = Changes.RequestId(), DisplayName = run.Get(Name) };
        var answer = await Client(connection).CreateAgentAsync(request, cancellationToken: cancellationToken);
        ShowToken(run, answer, answer.Agent, answer.EnrolmentToken);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListAgentsRequest { States = { run.Get(States) } };
        return await run.ListAsync(
            request,
            Client(connection).ListAgentsAsync,
            page => page.Agents,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetAgentRequest { AgentId = run.Get(Id) };
        var answer = await Client(connection).GetAgentAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Agent, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Revoke(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RevokeAgentRequest
        {
            RequestId = Changes.RequestId(),
            AgentId = run.Get(Id),
            Reason = run.Get(Options.Reason),
        };
        var answer = await Client(connection).RevokeAgentAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Agent, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Reissue(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ReissueEnrolmentTokenRequest { RequestId = Changes.RequestId(), AgentId = run.Get(Id) };
        var answer = await Client(connection).ReissueEnrolmentTokenAsync(request, cancellationToken: cancellationToken);
        ShowToken(run, answer, answer.Agent, answer.EnrolmentToken);
        return ExitCodes.Ok;
    }

    private static void ShowToken<T>(Invocation run, T answer, Agents.V1.Agent agent, EnrolmentToken token)
    {
        run.Output.Item(
            answer,
            new("Agent", _ => agent.AgentId),
            new("Token", _ => token.Token),
            new("Valid until", _ => Show.Time(token.ExpireTime))
        );
        run.Output.Hint(
            "The token is shown this once. It is used on the scanner's machine with 'kalisecu-agent enrol'."
        );
    }

    private static AgentService.AgentServiceClient Client(Connection connection) => new(connection.Invoker);
}
