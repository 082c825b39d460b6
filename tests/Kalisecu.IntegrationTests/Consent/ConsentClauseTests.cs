using Kalisecu.Compliance;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.IntegrationTests.Consent;

public sealed class ConsentClauseTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_clauses_about_purposes_hold_until_one_appears_that_the_policy_does_not_name_on_another_basis()
    {
        Assert.Equal(ClauseState.Holds, await StateAsync("DATA-4"));
        Assert.Equal(ClauseState.Holds, await StateAsync("DATA-5"));

        // As somebody would who has the database: the service itself refuses a change of basis.
        await server.Given.RunAsync(
            """
            insert into purpose_versions (purpose, version, legal_basis, title_fr, text_fr, retention_fr, digest_fr, title_en,
                text_en, retention_en, digest_en, data_categories, recipients, consent_months, create_time, actor)
            select case when v.purpose = 'security' then 'security' else 'resale' end, 2, 'Contract', title_fr, text_fr, retention_fr,
                digest_fr, title_en, text_en, retention_en, digest_en, data_categories, recipients, 0, now(), 'test'
            from purpose_versions v where v.purpose in ('security', 'support')
            """
        );

        Assert.Equal(ClauseState.Broken, await StateAsync("DATA-4"));
        Assert.Equal(ClauseState.Broken, await StateAsync("DATA-5"));
    }

    private async Task<ClauseState> StateAsync(string clause)
    {
        // The capability's own; the columns of personal data have a check of the same clauses.
        var check = Assert.Single(
            server.Services.GetServices<IClauseCheck>(),
            c =>
                string.Equals(c.ClauseId, clause, StringComparison.Ordinal)
                && string.Equals(c.GetType().Namespace, "Kalisecu.Consent", StringComparison.Ordinal)
        );
        return (await check.CheckAsync(server.Clock.GetCurrentInstant(), Cancel)).State;
    }
}
