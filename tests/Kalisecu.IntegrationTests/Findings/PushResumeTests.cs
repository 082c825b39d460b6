using Grpc.Core;
using Kalisecu.Agent.Push;
using Kalisecu.Agent.Spool;
using Kalisecu.Findings.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Findings;

public sealed class PushResumeTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData(1)]
    [InlineData(6_000)]
    [InlineData(20_000)]
    public async Task A_cut_stream_goes_on_where_it_was_and_counts_once(int cutAfter)
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", AScan.Pages(1, 25_000)), ("csp", [1])));
        using (var cut = new CancellationTokenSource())
        {
            var progress = new CutAt(cut, cutAfter);
            await Assert.ThrowsAnyAsync<Exception>(() =>
                new PushStream(site.Invoker, entry, progress).RunAsync(lease, cut.Token)
            );
        }

        var counts = await new PushStream(site.Invoker, entry).RunAsync(lease, CancellationToken.None);

        Assert.Equal(
            (25_001UL, 0UL, 25_001UL),
            (counts.OccurrencesOpened, counts.OccurrencesUnchanged, counts.OccurrencesOpenTotal)
        );
        Assert.Equal(2UL, counts.FindingsOpened);
        Assert.Equal(25_001L, await site.OpenCountAsync());
    }

    [Fact]
    public async Task What_an_abandoned_push_left_is_settled_by_the_next_scan()
    {
        using var site = await PushedSite.OfAsync(server);
        var before = new AScan(("xss", AScan.Pages(1, 10)));
        await site.PushAsync(before);
        var (abandoned, lease) = await site.SpoolAsync(new AScan(("xss", AScan.Pages(1, 9_000))));
        using (var cut = new CancellationTokenSource())
        {
            await Assert.ThrowsAnyAsync<Exception>(() =>
                new PushStream(site.Invoker, abandoned, new CutAt(cut, 2_000)).RunAsync(lease, cut.Token)
            );
        }

        await server.Given.RunAsync(
            "update scans set state = 'Failed' where tenant_id = $1 and state = 'Pushing'",
            site.Tenant
        );
        var counts = await site.PushAsync(before);

        // The digest is that of the last completed scan, and yet it closes what the broken push opened.
        Assert.Equal(
            (0UL, 10UL, 10UL),
            (counts.OccurrencesOpened, counts.OccurrencesUnchanged, counts.OccurrencesOpenTotal)
        );
        Assert.Equal(10L, await site.OpenCountAsync());
        Assert.Equal(
            10L,
            await site.AskAsync<long>(
                "select open_occurrence_count from findings where tenant_id = $1 and site_id = $2"
            )
        );
    }

    [Fact]
    public async Task Two_agents_push_fifty_scans_at_once_into_one_tenant()
    {
        using var first = await PushedSite.OfAsync(server);
        var second = await server.Given.AgentAsync(first.Tenant);
        var pushes = new List<(SpoolEntry Entry, string Lease, CallInvoker Invoker)>();
        for (var i = 0; i < 50; i++)
        {
            var agent = i % 2 == 0 ? first.Agent : second;
            var (entry, lease) = await first.SpoolAsync(
                new AScan(("xss", AScan.Pages(1, 1_000)), ("csp", AScan.Pages(1, 100))) { Tool = $"tool-{i}" },
                agent
            );
            var channel = server.Channel(Certificates.SpiffeKind.Agent, agent.ToString("D"));
            pushes.Add((entry, lease, channel.CreateCallInvoker()));
        }

        var counts = await Task.WhenAll(
            pushes.Select(p => new PushStream(p.Invoker, p.Entry).RunAsync(p.Lease, CancellationToken.None))
        );

        Assert.All(counts, c => Assert.Equal(1_100UL, c.OccurrencesOpened));
        Assert.Equal(55_000L, await first.OpenCountAsync());
        Assert.Equal(2UL, counts.Aggregate(0UL, (sum, c) => sum + c.FindingsOpened));
        Assert.Equal(
            55_000L,
            await first.AskAsync<long>(
                "select sum(open_occurrence_count)::bigint from findings where tenant_id = $1 and site_id = $2"
            )
        );
    }

    private sealed class CutAt(CancellationTokenSource cut, int durable) : IProgress<PushProgress>
    {
        public void Report(PushProgress value)
        {
            if (value.Durable >= durable)
            {
                cut.Cancel();
            }
        }
    }
}
