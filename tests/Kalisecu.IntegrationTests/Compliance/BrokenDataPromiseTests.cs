using Kalisecu.Compliance.V1;
using Kalisecu.Persistence;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Compliance;

/// <summary>The promises about data and its end are broken on purpose: their checks see it, and see it mended.</summary>
public sealed class BrokenDataPromiseTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ComplianceDesk _desk = new(server);

    [Fact]
    public async Task SEC_2_An_address_in_clear_breaks_it()
    {
        var tenant = await server.Given.TenantAsync();
        var member = await server.Given.PersonAsync(tenant, PersonKind.Member, "anne@martin.example");
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("SEC-2", "sealed-columns")).State);

        await server.Given.RunAsync(
            "update members set email = convert_to('anne@martin.example', 'UTF8') where member_id = $1",
            member
        );
        var broken = await _desk.CheckAsync("SEC-2", "sealed-columns");
        await server.Given.RunAsync("update members set email = first_name where member_id = $1", member);

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Contains("members.email", broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("SEC-2", "sealed-columns")).State);
    }

    [Fact]
    public async Task SEC_2_A_document_in_clear_breaks_it()
    {
        var folder = Path.Combine(server.Settings.Objects.Folder, Guid.CreateVersion7().ToString());
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "report.pdf");
        await File.WriteAllTextAsync(file, "%PDF-1.7 and all the rest", TestContext.Current.CancellationToken);
        var broken = await _desk.CheckAsync("SEC-2", "stored-objects");
        Directory.Delete(folder, recursive: true);

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.NotEqual(ClauseState.Broken, (await _desk.CheckAsync("SEC-2", "stored-objects")).State);
    }

    [Theory]
    [InlineData("DATA-2", "held-columns", "members", "birth_date")]
    [InlineData("DATA-3", "no-card-columns", "tenants", "card_number")]
    public async Task DATA_2_and_DATA_3_A_column_that_the_policy_does_not_know_breaks_them(
        string clause,
        string check,
        string table,
        string column
    )
    {
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync(clause, check)).State);

        await server.Given.RunAsync($"alter table {table} add column {column} text");
        var broken = await _desk.CheckAsync(clause, check);
        await server.Given.RunAsync($"alter table {table} drop column {column}");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Contains($"{table}.{column}", broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync(clause, check)).State);
    }

    [Fact]
    public async Task DATA_4_and_DATA_5_Every_column_about_persons_has_a_purpose_and_a_basis_of_the_policy()
    {
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("DATA-4", "purposes")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("DATA-5", "legal-bases")).State);
    }

    [Fact]
    public async Task DATA_6_Technical_data_that_platform_wide_work_sees_breaks_it()
    {
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("DATA-6", "technical-data")).State);

        await server.Given.RunAsync(
            "create policy wide on findings using (tenant_id = kalisecu_tenant() or kalisecu_all_tenants())"
        );
        var broken = await _desk.CheckAsync("DATA-6", "technical-data");
        await server.Given.RunAsync("drop policy wide on findings");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Contains("findings.wide", broken.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RET_1_A_prospect_past_three_years_breaks_it()
    {
        var tenant = await server.Given.TenantAsync();
        var prospect = await server.Given.PersonAsync(tenant, PersonKind.Prospect, "old@prospect.example");
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RET-1", "prospects")).State);

        await server.Given.RunAsync(
            "update persons set contact_time = contact_time - interval '3 years 3 days' where person_id = $1",
            prospect
        );
        var broken = await _desk.CheckAsync("RET-1", "prospects");
        await server.Given.RunAsync("delete from persons where person_id = $1", prospect);

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["past_their_date"]);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RET-1", "prospects")).State);
    }

    [Fact]
    public async Task RET_2_and_RET_3_What_is_left_a_year_after_a_contract_ended_breaks_them()
    {
        var tenant = await server.Given.TenantAsync();
        await server.Given.PersonAsync(tenant, PersonKind.Member, "left@client.example");
        var site = await server.Given.SiteAsync(tenant);
        await server.Given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description, cwe_numbers,
                reference_urls, open_occurrence_count, open_time)
            values ($1, $2, $3, 'zap:10038', 3, 'Open', 'A title', 'A description', '{}', '{}', 1, now())
            """,
            tenant,
            Guid.CreateVersion7(),
            site
        );
        await CloseAsync(tenant, Duration.FromDays(300));
        var early = await _desk.CheckAsync("RET-3", "technical-data-of-ended-contracts");
        await CloseAsync(tenant, Duration.FromDays(370));
        var members = await _desk.CheckAsync("RET-2", "members-of-ended-contracts");
        var technical = await _desk.CheckAsync("RET-3", "technical-data-of-ended-contracts");

        Assert.Equal(ClauseState.Holds, early.State);
        Assert.Equal(ClauseState.Broken, members.State);
        Assert.Equal(ClauseState.Broken, technical.State);
        Assert.Equal(1, technical.Figures["rows_past_their_date"]);

        await server.Given.RunAsync("delete from findings where tenant_id = $1", tenant);
        await server.Given.RunAsync("delete from members where tenant_id = $1", tenant);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RET-2", "members-of-ended-contracts")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RET-3", "technical-data-of-ended-contracts")).State);
    }

    [Fact]
    public async Task CTRL_1_and_RIGHT_8_Every_letter_names_the_controller_and_every_answer_the_CNIL()
    {
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("CTRL-1", "letters")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("CTRL-1", "published-policies")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-8", "answers")).State);
    }

    [Fact]
    public async Task POL_1_A_published_text_that_was_changed_breaks_it()
    {
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("POL-1", "published-versions")).State);

        await TamperAsync("update policy_versions set text_en = text_en || 'x' where number = 1");
        var broken = await _desk.CheckAsync("POL-1", "published-versions");
        await TamperAsync("update policy_versions set text_en = left(text_en, -1) where number = 1");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("POL-1", "published-versions")).State);
    }

    private Task<int> CloseAsync(Guid tenant, Duration ago) =>
        server.Given.RunAsync(
            "update tenants set state = 'Closed', close_time = $2 where tenant_id = $1",
            tenant,
            server.Clock.GetCurrentInstant() - ago
        );

    // What somebody could do who owns the machine: past the triggers.
    private Task<int> TamperAsync(string sql) =>
        server.Given.RunAsync($"do $$ begin set local session_replication_role = replica; {sql}; end $$");
}
