using Kalisecu.Compliance;
using Kalisecu.Compliance.V1;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using ClauseResult = Kalisecu.Compliance.V1.ClauseResult;
using ClauseState = Kalisecu.Compliance.V1.ClauseState;

namespace Kalisecu.IntegrationTests.Compliance;

public sealed class PostureTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ComplianceDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_posture_tells_of_every_clause_and_never_shows_an_unproven_one_as_holding()
    {
        var posture = await _desk.CheckAsync();

        Assert.Equal(34, posture.Clauses.Count);
        Assert.Equal(34u, posture.HoldsCount + posture.UnprovenCount + posture.BrokenCount);
        Assert.All(
            posture.Clauses.Where(c => c.State is ClauseState.Holds),
            c =>
            {
                Assert.NotEmpty(c.Results);
                Assert.All(c.Results, r => Assert.Equal(ClauseState.Holds, r.State));
                Assert.All(c.Results, r => Assert.NotEmpty(r.Evidence));
            }
        );
        Assert.All(posture.Clauses.Where(c => c.Results.Count == 0), c => Assert.Equal(ClauseState.Unproven, c.State));
    }

    [Fact]
    public async Task A_fresh_server_breaks_no_promise() =>
        Assert.DoesNotContain((await _desk.CheckAsync()).Clauses, c => c.State is ClauseState.Broken);

    [Fact]
    public async Task What_was_seen_is_kept_as_long_as_it_stays_the_same()
    {
        var before = await _desk.CheckAsync("SEC-4", "row-security");
        server.Clock.Advance(Duration.FromMinutes(30));
        var after = await _desk.CheckAsync("SEC-4", "row-security");
        var kept = await ResultsAsync("SEC-4");
        var last = (await _desk.Operator.GetPostureAsync(new GetPostureRequest(), cancellationToken: Cancel)).Posture;

        Assert.Equal(before.StartTime, after.StartTime);
        Assert.True(after.CheckTime > before.CheckTime);
        Assert.Equal(after, kept[0]);
        Assert.Equal(after.CheckTime, last.CheckTime);
    }

    [Fact]
    public async Task A_look_that_is_long_ago_proves_nothing_and_the_next_begins_anew()
    {
        var before = await _desk.CheckAsync("SEC-4", "row-security");
        server.Clock.Advance(Duration.FromHours(3));
        var last = (await _desk.Operator.GetPostureAsync(new GetPostureRequest(), cancellationToken: Cancel)).Posture;
        var after = await _desk.CheckAsync("SEC-4", "row-security");

        Assert.Equal(0u, last.HoldsCount);
        Assert.Equal(ClauseState.Holds, before.State);
        Assert.True(after.StartTime > before.CheckTime);
        Assert.Contains(await ResultsAsync("SEC-4"), r => r.Equals(before));
    }

    [Fact]
    public async Task A_repeated_run_answers_the_same_posture_and_looks_at_nothing()
    {
        var request = new CheckPostureRequest { RequestId = Guid.CreateVersion7().ToString() };
        var first = await _desk.Operator.CheckPostureAsync(request, cancellationToken: Cancel);
        server.Clock.Advance(Duration.FromMinutes(1));

        Assert.Equal(first, await _desk.Operator.CheckPostureAsync(request, cancellationToken: Cancel));
    }

    [Fact]
    public async Task Anyones_frontend_reads_the_clauses_in_both_languages_page_by_page()
    {
        var all = await _desk.Dashboard.ListClausesAsync(new ListClausesRequest(), cancellationToken: Cancel);
        var names = new List<string>();
        var request = new ListClausesRequest { PageSize = 9 };
        do
        {
            var page = await _desk.Dashboard.ListClausesAsync(request, cancellationToken: Cancel);
            names.AddRange(page.Clauses.Select(c => c.ClauseId));
            request.PageToken = page.NextPageToken;
        } while (request.PageToken.Length > 0);

        Assert.Equal(all.Clauses.Select(c => c.ClauseId), names);
        Assert.All(all.Clauses, c => Assert.True(c.TextFr.Length > 10 && c.TextEn.Length > 10));
        Assert.All(all.Clauses, c => Assert.Equal("2026-05-04", c.Version));
    }

    [Fact]
    public async Task Clauses_are_checked_every_hour_and_not_twice_in_it()
    {
        var hourly = server.Services.GetServices<IHostedService>().OfType<HourlyPosture>().Single();
        await _desk.CheckAsync();
        var tooEarly = await hourly.RunIfDueAsync(Cancel);
        server.Clock.Advance(Duration.FromMinutes(61));

        Assert.False(tooEarly);
        Assert.True(await hourly.RunIfDueAsync(Cancel));
        Assert.False(await hourly.RunIfDueAsync(Cancel));
    }

    private async Task<IReadOnlyList<ClauseResult>> ResultsAsync(string clause)
    {
        var request = new ListClauseResultsRequest { Clause = clause, PageSize = 1000 };
        var answer = await _desk.Operator.ListClauseResultsAsync(request, cancellationToken: Cancel);
        return answer.Results;
    }
}
