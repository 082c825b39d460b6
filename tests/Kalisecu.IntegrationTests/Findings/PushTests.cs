using Kalisecu.Agent.Push;
using Kalisecu.Findings.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Findings;

public sealed class PushTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_new_scan_opens_what_it_saw()
    {
        using var site = await PushedSite.OfAsync(server);

        var counts = await site.PushAsync(
            new AScan(("xss", AScan.Pages(1, 5_000)), ("csp", AScan.Pages(1, 3)))
            {
                Observed = [("port.open", "shop.example.fr:443/tcp", "https")],
            }
        );

        Assert.Equal((5_003UL, 0UL, 0UL, 5_003UL), Occurrences(counts));
        Assert.Equal((2UL, 0UL, 0UL, 0UL), Findings(counts));
        Assert.Equal(1UL, counts.ObservationsOpened);
        Assert.Equal(5_003L, await site.OpenCountAsync());
        Assert.Equal(
            2L,
            await site.AskAsync<long>(
                "select count(*) from findings where tenant_id = $1 and site_id = $2 and state = 'Open'"
            )
        );
        Assert.Equal(
            2L,
            await site.AskAsync<long>(
                "select count(*) from finding_events e where tenant_id = $1 and kind = 'Opened' and $2::uuid is not null"
            )
        );
    }

    [Fact]
    public async Task Two_streams_that_push_one_scan_leave_each_occurrence_once()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", AScan.Pages(1, 5_000))));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TryPushAsync(site, entry, lease)));

        // Each may be told that the other is at it; what was pushed is whole all the same.
        if (!outcomes.Any(done => done))
        {
            await new PushStream(site.Invoker, entry).RunAsync(lease, CancellationToken.None);
        }

        Assert.Equal(5_000L, await site.OpenCountAsync());
        Assert.Equal(
            5_000L,
            await site.AskAsync<long>("select count(*) from occurrences where tenant_id = $1 and site_id = $2")
        );
        Assert.Equal(
            "Completed",
            await site.AskAsync<string>("select state from scans where tenant_id = $1 and site_id = $2")
        );
    }

    [Fact]
    public async Task What_changed_opens_and_closes_and_nothing_else()
    {
        using var site = await PushedSite.OfAsync(server);
        await site.PushAsync(new AScan(("xss", AScan.Pages(1, 5_000))));

        var counts = await site.PushAsync(new AScan(("xss", AScan.Pages(51, 5_000))));

        Assert.Equal((50UL, 50UL, 4_950UL, 5_000UL), Occurrences(counts));
        Assert.Equal((0UL, 0UL, 0UL, 0UL), Findings(counts));
        Assert.Equal(5_000L, await site.OpenCountAsync());
    }

    [Fact]
    public async Task Only_visited_places_close()
    {
        using var site = await PushedSite.OfAsync(server);
        await site.PushAsync(new AScan(("xss", AScan.Pages(1, 30))));

        var counts = await site.PushAsync(
            new AScan(("xss", AScan.Pages(20, 11))) { Visited = [AScan.Page(1), PushedSite.Origin + "/page/2*"] }
        );

        // Page 1, page 2 and, by the prefix, pages 20 to 29, which were seen.
        Assert.Equal((0UL, 2UL, 11UL, 28UL), Occurrences(counts));
    }

    [Fact]
    public async Task An_incomplete_scan_closes_nothing()
    {
        using var site = await PushedSite.OfAsync(server);
        await site.PushAsync(new AScan(("xss", AScan.Pages(1, 30))));

        var counts = await site.PushAsync(new AScan(("xss", AScan.Pages(1, 10))) { Complete = false });

        Assert.Equal((0UL, 0UL, 10UL, 30UL), Occurrences(counts));
    }

    [Fact]
    public async Task A_finding_closes_with_its_last_occurrence_and_reopens_when_it_is_seen_again()
    {
        using var site = await PushedSite.OfAsync(server);
        var both = new AScan(("xss", [1, 2]), ("csp", [1]));
        await site.PushAsync(both);

        var gone = await site.PushAsync(new AScan(("xss", [1, 2])));
        var back = await site.PushAsync(both);

        Assert.Equal((0UL, 1UL, 0UL, 0UL), Findings(gone));
        Assert.Equal((0UL, 0UL, 1UL, 0UL), Findings(back));
        Assert.Equal((1UL, 0UL, 2UL, 3UL), Occurrences(back));
    }

    [Fact]
    public async Task Another_severity_changes_a_finding_and_opens_none()
    {
        using var site = await PushedSite.OfAsync(server);
        await site.PushAsync(new AScan(("xss", [1, 2]), ("csp", [1])));

        var counts = await site.PushAsync(new AScan(("xss", [1, 2]), ("csp", [1])) { Severity = Severity.High });

        Assert.Equal((0UL, 0UL, 0UL, 2UL), Findings(counts));
        Assert.Equal((0UL, 0UL, 3UL, 3UL), Occurrences(counts));
    }

    [Fact]
    public async Task A_finding_stays_open_while_another_tool_sees_it()
    {
        using var site = await PushedSite.OfAsync(server);
        await site.PushAsync(new AScan(("xss", [1])) { Severity = Severity.High });
        await site.PushAsync(new AScan(("xss", [1])) { Tool = "nuclei" });

        var counts = await site.PushAsync(new AScan());

        Assert.Equal((0UL, 1UL, 0UL, 0UL), Occurrences(counts));
        Assert.Equal((0UL, 0UL, 0UL, 1UL), Findings(counts));
        Assert.Equal(
            "Open 2",
            await site.AskAsync<string>(
                "select state || ' ' || severity from findings where tenant_id = $1 and site_id = $2"
            )
        );
    }

    [Fact]
    public async Task A_repeat_of_a_completed_scan_gets_the_same_counts()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", AScan.Pages(1, 100))));
        var first = await new PushStream(site.Invoker, entry).RunAsync(lease, CancellationToken.None);

        var again = await new PushStream(site.Invoker, entry).RunAsync("", CancellationToken.None);

        Assert.Equal(first, again);
    }

    [Fact]
    public async Task An_observation_with_another_value_ends_the_old_one()
    {
        using var site = await PushedSite.OfAsync(server);
        var observed = new AScan
        {
            Observed =
            [
                ("port.open", "shop.example.fr:443/tcp", "https"),
                ("port.open", "shop.example.fr:80/tcp", "http"),
            ],
        };
        await site.PushAsync(observed);

        var counts = await site.PushAsync(
            new AScan { Observed = [("port.open", "shop.example.fr:443/tcp", "https nginx")] }
        );

        Assert.Equal(
            (1UL, 2UL, 0UL),
            (counts.ObservationsOpened, counts.ObservationsClosed, counts.ObservationsUnchanged)
        );
    }

    private static async Task<bool> TryPushAsync(PushedSite site, Kalisecu.Agent.Spool.SpoolEntry entry, string lease)
    {
        try
        {
            await new PushStream(site.Invoker, entry).RunAsync(lease, CancellationToken.None);
            return true;
        }
        catch (Exception refused) when (refused is Grpc.Core.RpcException or Kalisecu.Agent.Enrolment.AgentProblem)
        {
            return false;
        }
    }

    private static (ulong Opened, ulong Closed, ulong Unchanged, ulong Total) Occurrences(PushCounts counts) =>
        (counts.OccurrencesOpened, counts.OccurrencesClosed, counts.OccurrencesUnchanged, counts.OccurrencesOpenTotal);

    private static (ulong Opened, ulong Closed, ulong Reopened, ulong Changed) Findings(PushCounts counts) =>
        (counts.FindingsOpened, counts.FindingsClosed, counts.FindingsReopened, counts.FindingsChanged);
}
