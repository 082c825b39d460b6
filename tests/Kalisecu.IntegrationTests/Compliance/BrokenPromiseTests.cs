using Kalisecu.Compliance.V1;
using Kalisecu.IntegrationTests.Accounts;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Compliance;

/// <summary>Each promise is broken on purpose: its check sees it, and sees it mended.</summary>
public sealed class BrokenPromiseTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ComplianceDesk _desk = new(server);

    [Fact]
    public async Task SEC_1_All_ports_of_the_server_and_the_link_to_the_database_are_encrypted()
    {
        var ports = await _desk.CheckAsync("SEC-1", "listeners");
        var link = await _desk.CheckAsync("SEC-1", "database-link");

        Assert.Equal(ClauseState.Holds, ports.State);
        Assert.Equal(2, ports.Figures["ports"]);
        Assert.Equal(ClauseState.Holds, link.State);
    }

    [Fact]
    public async Task SEC_1_A_certificate_past_its_end_breaks_it()
    {
        var check = server
            .Services.GetServices<Kalisecu.Compliance.IClauseCheck>()
            .Single(c => c is { ClauseId: "SEC-1", Name: "listeners" });

        var finding = await check.CheckAsync(
            server.Clock.GetCurrentInstant() + Duration.FromDays(3650),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(Kalisecu.Compliance.ClauseState.Broken, finding.State);
        Assert.Contains("certificate", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SEC_3_An_administrator_without_second_factor_breaks_it()
    {
        var administrator = await new StaffDesk(server).HireAsync(Kalisecu.Accounts.V1.StaffRole.Administrator);
        var account = Guid.Parse(administrator.AccountId);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("SEC-3", "staff-second-factor")).State);

        await server.Given.RunAsync("update credentials set totp_secret = null where person_id = $1", account);
        var broken = await _desk.CheckAsync("SEC-3", "staff-second-factor");
        await server.Given.RunAsync("update staff_accounts set state = 'Suspended' where account_id = $1", account);

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["staff_without_second_factor"]);
        Assert.NotEqual(ClauseState.Broken, (await _desk.CheckAsync("SEC-3", "staff-second-factor")).State);
    }

    [Theory]
    [InlineData("alter table sites no force row level security", "alter table sites force row level security", "sites")]
    [InlineData("create policy gap on sites using (true)", "drop policy gap on sites", "sites.gap")]
    [InlineData("create role kalisecu_gap bypassrls", "drop role kalisecu_gap", "kalisecu_gap")]
    public async Task SEC_4_A_gap_in_the_walls_between_clients_breaks_it(string gap, string mend, string named)
    {
        await server.Given.RunAsync(gap);
        var broken = await _desk.CheckAsync("SEC-4", "row-security");
        await server.Given.RunAsync(mend);

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Contains(named, broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("SEC-4", "row-security")).State);
    }

    [Fact]
    public async Task SEC_5_A_changed_entry_of_the_access_log_breaks_it()
    {
        await server.Given.SignedInAsync(Tenancy.Role.StaffDpo);
        await LogSomethingAsync();
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("SEC-5", "newest-entries")).State);

        await TamperAsync("update access_entries set outcome = 'Refused' where sequence = 1");
        var broken = await _desk.CheckAsync("SEC-5", "newest-entries");
        await TamperAsync("update access_entries set outcome = 'Allowed' where sequence = 1");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["sequence"]);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("SEC-5", "newest-entries")).State);
    }

    [Fact]
    public async Task RET_5_A_month_of_the_access_log_past_its_date_breaks_it()
    {
        var month = server.Clock.GetCurrentInstant().InUtc().Date.PlusMonths(-13);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RET-5", "access-log-months")).State);

        await server.Given.RunAsync("select kalisecu_ensure_access_partition($1)", month);
        var broken = await _desk.CheckAsync("RET-5", "access-log-months");
        var now = server.Clock.GetCurrentInstant();
        await server.Given.RunAsync("select kalisecu_drop_access_partition($1, $2)", month, now);

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["expired_months"]);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RET-5", "access-log-months")).State);
    }

    private async Task LogSomethingAsync() => await new StaffDesk(server).InviteAsync();

    // What somebody could do who owns the machine: past the triggers.
    private Task<int> TamperAsync(string sql) =>
        server.Given.RunAsync($"do $$ begin set local session_replication_role = replica; {sql}; end $$");
}
