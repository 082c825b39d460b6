using Google.Protobuf.WellKnownTypes;
using Kalisecu.Agents.V1;
using Kalisecu.Certificates;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Tenants.V1;
using NodaTime;
using Duration = NodaTime.Duration;

namespace Kalisecu.Cli.OneMachine;

/// <summary>The client that the first run shows. Each method looks first and makes only what is missing.</summary>
internal sealed class SampleClient(DataFolder data, ConnectionTarget target, IClock clock)
{
    public const string Name = "Boulangerie Martin";
    public const string Slug = "boulangerie-martin";
    public const string SiteName = "La boutique";
    public const string SiteUrl = "https://boulangerie-martin.example/";
    private const string AgentName = "Agent of this machine";

    // Ours: long enough to try things out, and not for ever.
    private static readonly Duration AuthorisedFor = Duration.FromDays(180);

    private string _tenant = "";

    public string SiteId { get; private set; } = "";

    public Connection Connect() => Connection.Open(target with { Tenant = _tenant });

    public async Task EnsureTenantAsync(CancellationToken cancellationToken)
    {
        using var connection = Connection.Open(target);
        var client = new TenantService.TenantServiceClient(connection.Invoker);
        var list = new ListTenantsRequest { Slug = Slug };
        var found = await client.ListTenantsAsync(list, cancellationToken: cancellationToken);
        if (found.Tenants is [var tenant])
        {
            _tenant = tenant.TenantId;
        }
        else
        {
            var create = new CreateTenantRequest
            {
                RequestId = Changes.RequestId(),
                DisplayName = Name,
                Slug = Slug,
                Plan = Plan.Surveillance,
                Language = Language.Fr,
            };
            var made = await client.CreateTenantAsync(create, cancellationToken: cancellationToken);
            _tenant = made.Tenant.TenantId;
        }

        PemFiles.WriteSecret(data.Tenant, _tenant + "\n");
    }

    public async Task EnsureSiteAsync(CancellationToken cancellationToken)
    {
        using var connection = Connect();
        var client = new SiteService.SiteServiceClient(connection.Invoker);
        var list = new ListSitesRequest { States = { SiteState.Open }, PageSize = 1000 };
        var found = await client.ListSitesAsync(list, cancellationToken: cancellationToken);
        var site = found.Sites.FirstOrDefault(s => string.Equals(s.Url, SiteUrl, StringComparison.Ordinal));
        if (site is null)
        {
            var create = new CreateSiteRequest
            {
                RequestId = Changes.RequestId(),
                DisplayName = SiteName,
                Url = SiteUrl,
                Technologies = { "nginx 1.22" },
            };
            site = (await client.CreateSiteAsync(create, cancellationToken: cancellationToken)).Site;
        }

        SiteId = site.SiteId;
    }

    public async Task EnsureAuthorisationAsync(CancellationToken cancellationToken)
    {
        using var connection = Connect();
        var client = new AuthorisationService.AuthorisationServiceClient(connection.Invoker);
        var list = new ListAuthorisationsRequest { SiteId = SiteId, States = { AuthorisationState.InForce } };
        var found = await client.ListAuthorisationsAsync(list, cancellationToken: cancellationToken);
        if (found.Authorisations.Count > 0)
        {
            return;
        }

        var end = clock.GetCurrentInstant() + AuthorisedFor;
        var header = new AuthorisationHeader
        {
            RequestId = Changes.RequestId(),
            SiteId = SiteId,
            SignerName = "Jeanne Martin",
            SignerEmail = "jeanne@boulangerie-martin.example",
            SignerFunction = "Gérante",
            EndTime = Timestamp.FromDateTimeOffset(end.ToDateTimeOffset()),
        };
        using var document = new MemoryStream(SamplePdf.Make($"Autorisation de test : {SiteUrl}"));
        await Documents.UploadAsync(client, header, document, cancellationToken);
    }

    /// <summary>Creates the agent on the platform and makes this machine be it.</summary>
    public async Task EnsureAgentAsync(int enrolmentPort, CancellationToken cancellationToken)
    {
        if (await AgentProgram.IsEnrolledAsync(data, cancellationToken))
        {
            return;
        }

        using var connection = Connect();
        var client = new AgentService.AgentServiceClient(connection.Invoker);
        var list = new ListAgentsRequest { States = { AgentState.Waiting, AgentState.Enrolled }, PageSize = 1000 };
        var found = await client.ListAgentsAsync(list, cancellationToken: cancellationToken);
        var agent = found.Agents.FirstOrDefault(a => string.Equals(a.DisplayName, AgentName, StringComparison.Ordinal));
        var token = agent is null
            ? await CreateAsync(client, cancellationToken)
            : await ReissueAsync(client, agent.AgentId, cancellationToken);
        await AgentProgram.RunAsync(
            data,
            [
                "enrol",
                "--server",
                $"https://localhost:{enrolmentPort}",
                "--service",
                target.Server.ToString(),
                "--ca",
                target.AuthorityFile,
                "--token-file",
                "-",
            ],
            "the agent could not enrol",
            cancellationToken,
            token
        );
    }

    private static async Task<string> CreateAsync(
        AgentService.AgentServiceClient client,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateAgentRequest { RequestId = Changes.RequestId(), DisplayName = AgentName };
        var answer = await client.CreateAgentAsync(request, cancellationToken: cancellationToken);
        return answer.EnrolmentToken.Token;
    }

    private static async Task<string> ReissueAsync(
        AgentService.AgentServiceClient client,
        string agentId,
        CancellationToken cancellationToken
    )
    {
        var request = new ReissueEnrolmentTokenRequest { RequestId = Changes.RequestId(), AgentId = agentId };
        var answer = await client.ReissueEnrolmentTokenAsync(request, cancellationToken: cancellationToken);
        return answer.EnrolmentToken.Token;
    }
}
