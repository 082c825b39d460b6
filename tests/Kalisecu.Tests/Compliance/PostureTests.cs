using Kalisecu.Compliance;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Kalisecu.Tests.Compliance;

public sealed class PostureTests
{
    private static readonly Instant Now = Instant.FromUtc(2027, 3, 1, 12, 0);
    private static readonly ClauseCatalogue Catalogue = ClauseCatalogue.ReadEmbedded();

    [Fact]
    public void A_clause_without_a_check_is_unproven() =>
        Assert.All(Posture.Of(Catalogue, [], [], Now).Clauses, c => Assert.Equal(ClauseState.Unproven, c.State));

    [Fact]
    public async Task A_clause_holds_only_when_all_its_checks_say_so() =>
        Assert.Equal(
            [ClauseState.Holds, ClauseState.Unproven, ClauseState.Broken],
            [
                await StateAsync(Said("a", ClauseState.Holds), Said("b", ClauseState.Holds)),
                await StateAsync(Said("a", ClauseState.Holds), Said("b", ClauseState.Unproven)),
                await StateAsync(Said("a", ClauseState.Broken), Said("b", ClauseState.Unproven)),
            ]
        );

    [Fact]
    public void A_check_that_never_looked_leaves_its_clause_unproven()
    {
        var (looked, never) = (Said("a", ClauseState.Holds), Said("b", ClauseState.Holds));
        var result = ClauseResult.Begin(looked, ClauseFinding.Holds("Seen."), Now);

        Assert.Equal(ClauseState.Unproven, Of([looked, never], [result], Now));
    }

    [Fact]
    public void What_was_broken_stays_broken_until_a_look_says_otherwise()
    {
        var check = Said("a", ClauseState.Broken);
        var broken = ClauseResult.Begin(check, ClauseFinding.Broken("Seen."), Now);
        var holds = ClauseResult.Begin(check, ClauseFinding.Holds("Seen."), Now);
        var later = Now + Duration.FromHours(3);

        Assert.Equal(ClauseState.Broken, Of([check], [broken], later));
        Assert.Equal(ClauseState.Unproven, Of([check], [holds], later));
    }

    [Fact]
    public async Task A_check_that_fails_has_proven_nothing_and_says_what_failed()
    {
        var check = new ACheck("a", () => throw new InvalidOperationException("secret detail"));

        var finding = await Checks(check).AskAsync(check, Now, TestContext.Current.CancellationToken);

        Assert.Equal(ClauseState.Unproven, finding.State);
        Assert.Contains(nameof(InvalidOperationException), finding.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_of_no_clause_and_two_checks_of_one_name_stop_the_start()
    {
        var check = Said("a", ClauseState.Holds);

        Assert.Throws<InvalidOperationException>(() => Checks(check, check));
        Assert.Throws<InvalidOperationException>(() =>
            Checks(new ACheck("a", () => ClauseFinding.Holds("")) { ClauseId = "SEC-99" })
        );
    }

    private static async Task<ClauseState> StateAsync(params ACheck[] checks)
    {
        var results = new List<ClauseResult>();
        foreach (var check in checks)
        {
            var finding = await Checks(checks).AskAsync(check, Now, TestContext.Current.CancellationToken);
            results.Add(ClauseResult.Begin(check, finding, Now));
        }

        return Of(checks, results, Now);
    }

    private static ClauseState Of(IReadOnlyList<ACheck> checks, IReadOnlyList<ClauseResult> results, Instant now) =>
        Posture.Of(Catalogue, checks, results, now).Clauses.Single(c => c.Clause.Id is "SEC-3").State;

    private static ClauseChecks Checks(params ACheck[] checks) =>
        new(checks, Catalogue, NullLogger<ClauseChecks>.Instance);

    private static ACheck Said(string name, ClauseState state) =>
        new(name, () => new ClauseFinding(state, "Seen.", new Dictionary<string, long>(StringComparer.Ordinal)));

    private sealed class ACheck(string name, Func<ClauseFinding> says) : IClauseCheck
    {
        public string ClauseId { get; init; } = "SEC-3";

        public string Name => name;

        public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
            Task.FromResult(says());
    }
}
