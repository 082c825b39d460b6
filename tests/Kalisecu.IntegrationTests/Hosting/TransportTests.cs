using Grpc.Core;
using Grpc.Health.V1;
using Kalisecu.Certificates;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Hosting;

public sealed class TransportTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("frontend")]
    [InlineData("worker")]
    [InlineData("operator")]
    public async Task A_holder_of_one_of_our_certificates_may_ask_for_health(string kind)
    {
        var health = new Health.HealthClient(server.Channel(SpiffeId.ReadKind(kind)!.Value, "someone"));

        var answer = await health.CheckAsync(
            new HealthCheckRequest(),
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task Without_a_certificate_nobody_gets_an_answer()
    {
        using var channel = server.Connect(certificate: null);

        await RefusedAsync(channel);
    }

    [Fact]
    public async Task An_expired_certificate_gets_no_answer()
    {
        using var channel = server.Connect(server.Authorities.IssueExpired(SpiffeKind.Frontend, "dashboard"));

        await RefusedAsync(channel);
    }

    [Fact]
    public async Task A_certificate_of_a_foreign_authority_gets_no_answer()
    {
        using var channel = server.Connect(TestAuthorities.IssueForeign(SpiffeKind.Frontend, "dashboard"));

        await RefusedAsync(channel);
    }

    private static async Task RefusedAsync(Grpc.Net.Client.GrpcChannel channel)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest(),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );

        // The connection itself is refused, before or during the first call (TLS 1.3 sends its alert after the handshake):
        // the status is the client's own, no answer of the server's.
        Assert.Contains(failure.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);
        Assert.Empty(failure.Trailers);
    }
}
