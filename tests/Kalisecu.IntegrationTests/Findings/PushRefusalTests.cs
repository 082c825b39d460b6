using Google.Rpc;
using Grpc.Core;
using Kalisecu.Agent.Push;
using Kalisecu.Findings.V1;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.IntegrationTests.Findings;

public sealed class PushRefusalTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_place_outside_the_authorisation_is_refused_by_its_origin()
    {
        using var site = await PushedSite.OfAsync(server);

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            site.PushAsync(new AScan(("xss", [1])) { Origin = "https://other.example.fr" })
        );

        Assert.Equal("SCAN_OUT_OF_SCOPE", Reason(refused));
        Assert.Equal("https://other.example.fr", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Metadata["place"]);
        Assert.Equal(0L, await site.OpenCountAsync());
    }

    [Fact]
    public async Task A_lease_of_another_agent_opens_nothing()
    {
        using var site = await PushedSite.OfAsync(server);
        var other = await server.Given.AgentAsync(site.Tenant);

        var refused = await Assert.ThrowsAsync<RpcException>(() => site.PushAsync(new AScan(("xss", [1])), other));

        Assert.Equal("LEASE_HELD_BY_OTHER", Reason(refused));
    }

    [Fact]
    public async Task Ids_that_are_no_hashes_are_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", [1])));
        var findings = entry.Findings.Single().Clone();
        findings.Findings.Findings[0].Check = "csp";

        Assert.Equal("ID_MISMATCH", await SendAsync(site, entry, lease, findings));
    }

    [Fact]
    public async Task An_occurrence_of_a_finding_that_did_not_come_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", [1])));
        var foreign = new OccurrenceBody
        {
            FindingId = Google.Protobuf.ByteString.CopyFrom(new byte[16]),
            OccurrenceId = Google.Protobuf.ByteString.CopyFrom([.. new byte[15], 1]),
            Place = "x",
        };
        var bodies = new PushScanRequest
        {
            Occurrences = new OccurrenceBatch { Sequence = 1, Occurrences = { foreign } },
        };

        Assert.Equal("UNKNOWN_FINDING_IN_BATCH", await SendAsync(site, entry, lease, entry.Findings.Single(), bodies));
    }

    [Fact]
    public async Task A_batch_out_of_order_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", [1])));
        var bodies = new PushScanRequest { Occurrences = new OccurrenceBatch { Sequence = 7 } };

        Assert.Equal("PUSH_OUT_OF_ORDER", await SendAsync(site, entry, lease, entry.Findings.Single(), bodies));
    }

    [Fact]
    public async Task A_close_before_all_came_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", [1])));

        Assert.Equal(
            "COUNT_MISMATCH",
            await SendAsync(
                site,
                entry,
                lease,
                entry.Findings.Single(),
                entry.Coverage.Single(),
                new PushScanRequest { Close = new PushClose() }
            )
        );
    }

    [Fact]
    public async Task A_digest_that_is_not_of_what_came_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", [1])));
        entry.Open.ContentDigest = Google.Protobuf.ByteString.CopyFrom(new byte[32]);

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            new PushStream(site.Invoker, entry).RunAsync(lease, CancellationToken.None)
        );

        Assert.Equal("INVALID_REQUEST", Reason(refused));
    }

    [Fact]
    public async Task A_stream_ends_when_its_scan_is_taken_away()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", [1])));
        using var call = site.Invoker.AsyncDuplexStreamingCall(PushMethod.PushScan, null, default);
        await OpenAsync(call, entry.Open, lease);

        await server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                site.Tenant,
                (KalisecuDb db) =>
                    Revocations.PublishAsync(
                        db,
                        Revocations.Scan(Guid.Parse(entry.Open.ScanId)),
                        CancellationToken.None
                    ),
                CancellationToken.None
            );

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            call.ResponseStream.MoveNext(CancellationToken.None)
        );
        Assert.Equal("SCAN_FINISHED", Reason(refused));
    }

    private static async Task<string> SendAsync(
        PushedSite site,
        Agent.Spool.SpoolEntry entry,
        string lease,
        params PushScanRequest[] messages
    )
    {
        using var call = site.Invoker.AsyncDuplexStreamingCall(PushMethod.PushScan, null, default);
        await OpenAsync(call, entry.Open, lease);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            foreach (var message in messages)
            {
                await call.RequestStream.WriteAsync(message);
            }

            while (await call.ResponseStream.MoveNext(CancellationToken.None)) { }
        });
        return Reason(refused);
    }

    private static async Task OpenAsync(
        AsyncDuplexStreamingCall<PushOut, PushScanResponse> call,
        PushOpen open,
        string lease
    )
    {
        var leased = open.Clone();
        leased.LeaseId = lease;
        await call.RequestStream.WriteAsync(new PushScanRequest { Open = leased });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(PushPlan.All, call.ResponseStream.Current.Opened.Plan);
    }

    private static string Reason(RpcException refused) => refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason;
}
