using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.IntegrationTests.Persistence;

public sealed class TenantReadsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Tenant = "select current_setting('kalisecu.tenant_id')";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_that_share_a_trip_see_their_own_tenant()
    {
        await using var source = DatabaseSetup.OpenSource(database.Server);
        await using var reads = new TenantReads(source);
        var tenants = Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7()).ToList();

        var seen = await Task.WhenAll(tenants.Select(t => TextAsync(reads, t, Tenant)));

        Assert.Equal(tenants.Select(t => t.ToString("D")), seen);
    }

    [Fact]
    public async Task A_statement_that_fails_takes_no_other_along()
    {
        await using var source = DatabaseSetup.OpenSource(database.Server);
        await using var reads = new TenantReads(source);

        var guilty = TextAsync(reads, Guid.CreateVersion7(), "select (1 / 0)::text");
        var others = Enumerable.Range(0, 20).Select(_ => TextAsync(reads, Guid.CreateVersion7(), Tenant)).ToList();

        Assert.All(await Task.WhenAll(others), Assert.NotNull);
        var failure = await Assert.ThrowsAsync<PostgresException>(() => guilty);
        Assert.Equal(PostgresErrorCodes.DivisionByZero, failure.SqlState);
    }

    [Fact]
    public async Task A_read_after_the_database_ended_all_sessions_is_answered()
    {
        await using var source = DatabaseSetup.OpenSource(database.Server);
        await using var reads = new TenantReads(source);
        var tenant = Guid.CreateVersion7();
        // As many as both workers' connections take.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => TextAsync(reads, tenant, Tenant)));

        await using var superuser = database.OpenSuperuser();
        await using var end = superuser.CreateCommand(
            """
            select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and usename = 'kalisecu_server'
            """
        );
        await end.ExecuteNonQueryAsync(Cancellation);

        var seen = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TextAsync(reads, tenant, Tenant)));
        Assert.All(seen, s => Assert.Equal(tenant.ToString("D"), s));
    }

    private static Task<string?> TextAsync(TenantReads reads, Guid tenant, string sql) =>
        reads.SingleAsync(tenant, sql, [], r => r.GetString(0), Cancellation);
}
