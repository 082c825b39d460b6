using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Kalisecu.Agents.V1;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Agents;

public sealed class EnrolmentTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly Given _given = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_and_a_request_make_an_agent_that_may_call()
    {
        var (tenant, created) = await CreateAgentAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var enrolled = await EnrolAsync(created.EnrolmentToken.Token, Request(key));

        Assert.Equal(tenant.ToString("D"), enrolled.TenantId);
        using var agent = Channel(enrolled.Certificate, key);
        var sites = await new LeaseService.LeaseServiceClient(agent).ListLeasableSitesAsync(
            new ListLeasableSitesRequest(),
            cancellationToken: Cancel
        );
        Assert.Empty(sites.Sites);
    }

    [Fact]
    public async Task A_used_token_serves_the_same_key_again_and_no_other()
    {
        var (_, created) = await CreateAgentAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = created.EnrolmentToken.Token;
        await EnrolAsync(token, Request(key));

        await EnrolAsync(token, Request(key));
        var refused = await Assert.ThrowsAsync<RpcException>(() => EnrolAsync(token, Request(other)));

        Assert.Equal(ErrorReason.EnrolmentTokenNotValid, ReasonOf(refused));
    }

    [Fact]
    public async Task Two_machines_that_race_for_a_token_make_one_agent()
    {
        var (_, created) = await CreateAgentAsync();
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var two = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var outcomes = await Task.WhenAll(
            new[] { one, two }.Select(async key =>
            {
                try
                {
                    await EnrolAsync(created.EnrolmentToken.Token, Request(key));
                    return true;
                }
                catch (RpcException)
                {
                    return false;
                }
            })
        );

        Assert.Single(outcomes, won => won);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_refused()
    {
        var (tenant, created) = await CreateAgentAsync();
        await _given.RunAsync(
            "update agents set enrolment_expire_time = $2 where tenant_id = $1",
            tenant,
            server.Clock.GetCurrentInstant() - Duration.FromSeconds(1)
        );
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            EnrolAsync(created.EnrolmentToken.Token, Request(key))
        );

        Assert.Equal(ErrorReason.EnrolmentTokenNotValid, ReasonOf(refused));
    }

    [Fact]
    public async Task A_request_that_is_none_is_refused_with_its_reason()
    {
        var (_, created) = await CreateAgentAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            EnrolAsync(created.EnrolmentToken.Token, [0x30, 0x03, 1, 2, 3])
        );

        Assert.Equal(ErrorReason.CertificateRequestNotValid, ReasonOf(refused));
    }

    [Fact]
    public async Task A_revoked_agent_is_refused_at_once_and_its_open_stream_ends()
    {
        var (tenant, created) = await CreateAgentAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var enrolled = await EnrolAsync(created.EnrolmentToken.Token, Request(key));
        using var agent = Channel(enrolled.Certificate, key);
        using var watch = new Health.HealthClient(agent).Watch(new HealthCheckRequest(), cancellationToken: Cancel);
        Assert.True(await watch.ResponseStream.MoveNext(Cancel));

        await Agents.RevokeAgentAsync(
            new RevokeAgentRequest { AgentId = enrolled.AgentId, Reason = "stolen" },
            Headers(tenant),
            cancellationToken: Cancel
        );

        var ended = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(Cancel));
        Assert.Equal(ErrorReason.AgentRevoked, ReasonOf(ended));
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new LeaseService.LeaseServiceClient(agent).ListLeasableSitesAsync(
                new ListLeasableSitesRequest(),
                cancellationToken: Cancel
            )
        );
        Assert.Equal(ErrorReason.AgentRevoked, ReasonOf(refused));
    }

    private AgentService.AgentServiceClient Agents => new(server.Channel(SpiffeKind.Operator, "setup"));

    private async Task<(Guid Tenant, CreateAgentResponse Created)> CreateAgentAsync()
    {
        var tenant = await _given.TenantAsync();
        var created = await Agents.CreateAgentAsync(
            new CreateAgentRequest { DisplayName = "scanner" },
            Headers(tenant),
            cancellationToken: Cancel
        );
        return (tenant, created);
    }

    private async Task<EnrolAgentResponse> EnrolAsync(string token, byte[] request)
    {
        using var channel = server.Connect(certificate: null, server.EnrolmentAddress);
        return await new EnrolmentService.EnrolmentServiceClient(channel).EnrolAgentAsync(
            new EnrolAgentRequest { Token = token, CertificateSigningRequest = ByteString.CopyFrom(request) },
            cancellationToken: Cancel
        );
    }

    private Grpc.Net.Client.GrpcChannel Channel(IssuedCertificate issued, ECDsa key)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(issued.Chain[0].Span);
        return server.Connect(certificate.CopyWithPrivateKey(key));
    }

    private static Metadata Headers(Guid tenant) => new() { { "kalisecu-tenant", tenant.ToString("D") } };

    private static byte[] Request(ECDsa key) =>
        new CertificateRequest("CN=whoever", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    private static ErrorReason ReasonOf(RpcException refused) => Reasons.Of(refused);
}
