using Kalisecu.Policies.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Policies;

public sealed class CurrentPolicyTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly PolicyDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_applies_from_its_day_on_and_the_former_one_stays_readable()
    {
        var before = await CurrentAsync();
        var today = await _desk.DraftAsync(_desk.ADraft(daysAhead: 0, substantial: false));
        var published = await _desk.PublishAsync(today.Number);
        var tomorrow = await _desk.DraftAsync(_desk.ADraft(daysAhead: 1, substantial: false));
        await _desk.PublishAsync(tomorrow.Number);
        var after = await CurrentAsync();
        var former = await _desk.Anyone.GetPolicyVersionAsync(
            new GetPolicyVersionRequest { Number = before.Number },
            cancellationToken: Cancel
        );

        Assert.Equal(1u, before.Number);
        Assert.Equal(published, after);
        Assert.Equal(0u, published.RecipientCount);
        Assert.Equal(before, former.Version);
    }

    private async Task<PolicyVersion> CurrentAsync() =>
        (await _desk.Anyone.GetCurrentPolicyAsync(new GetCurrentPolicyRequest(), cancellationToken: Cancel)).Version;
}
