using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Kalisecu.Accounts.V1;
using Kalisecu.Agents.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Hosting;

/// <summary>The one port that answers without a certificate.</summary>
public sealed class EnrolmentPortTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly GrpcChannel _anybody = server.Connect(certificate: null, server.EnrolmentAddress);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _anybody.Dispose();

    [Fact]
    public async Task Nothing_but_enrolment_exists_there()
    {
        var health = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Health.HealthClient(_anybody).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancel)
        );
        var signIn = await Assert.ThrowsAsync<RpcException>(async () =>
            await new SessionService.SessionServiceClient(_anybody).SignInAsync(
                new SignInRequest(),
                cancellationToken: Cancel
            )
        );

        Assert.Equal((StatusCode.Unimplemented, StatusCode.Unimplemented), (health.StatusCode, signIn.StatusCode));
        Assert.Equal(0L, await EntriesAsync("SignIn"));
    }

    [Fact]
    public async Task A_flood_is_refused_with_a_delay_and_does_not_fill_the_access_log()
    {
        var (asked, limited) = (0, new List<RpcException>());
        while (limited.Count == 0)
        {
            var refusals = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RefusedAsync()));
            asked += refusals.Length;
            limited.AddRange(refusals.Where(r => r.StatusCode is StatusCode.ResourceExhausted));
        }

        Assert.All(limited, r => Assert.NotNull(r.GetRpcStatus()?.GetDetail<RetryInfo>()));
        Assert.Equal((long)asked - limited.Count, await EntriesAsync("EnrolAgent"));
    }

    private Task<RpcException> RefusedAsync() =>
        Assert.ThrowsAsync<RpcException>(async () =>
            await new EnrolmentService.EnrolmentServiceClient(_anybody).EnrolAgentAsync(
                new EnrolAgentRequest { Token = "none", CertificateSigningRequest = ByteString.CopyFrom(1, 2, 3) },
                cancellationToken: Cancel
            )
        );

    private Task<long> EntriesAsync(string method) =>
        server.Given.AskAsync<long>("select count(*) from access_entries where method like '%/' || $1", method);
}
