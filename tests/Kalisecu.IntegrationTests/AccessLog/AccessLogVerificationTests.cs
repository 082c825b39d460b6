using Kalisecu.AccessLog;
using NodaTime;
using Npgsql;

namespace Kalisecu.IntegrationTests.AccessLog;

public sealed class AccessLogVerificationTests
{
    [Fact]
    public async Task A_log_that_nobody_touched_is_whole()
    {
        await using var log = await AnAccessLog.OpenAsync();
        await log.WriteAsync(5);
        await using var another = log.AnotherWriter();
        await log.WriteAsync(3, another);

        var found = await log.VerifyAsync();

        Assert.Equal((2, 8L), (found.WriterCount, found.EntryCount));
        Assert.Empty(found.Breaks);
    }

    [Theory]
    [InlineData("delete from access_entries where sequence = 3", 3, nameof(ChainBreakKind.Removed))]
    [InlineData("delete from access_entries where sequence = 1", 1, nameof(ChainBreakKind.Removed))]
    [InlineData("delete from access_entries where sequence >= 5", 5, nameof(ChainBreakKind.Removed))]
    [InlineData("delete from access_entries", 1, nameof(ChainBreakKind.Removed))]
    [InlineData("delete from access_log_roots", 6, nameof(ChainBreakKind.Removed))]
    [InlineData("update access_entries set person_id = null where sequence = 2", 2, nameof(ChainBreakKind.Changed))]
    [InlineData("update access_entries set outcome = 'Refused' where sequence = 5", 5, nameof(ChainBreakKind.Changed))]
    [InlineData(
        "update access_entries set sequence = 9 where sequence = 3; update access_entries set sequence = 3 where "
            + "sequence = 4; update access_entries set sequence = 4 where sequence = 9",
        3,
        nameof(ChainBreakKind.Reordered)
    )]
    public async Task Tampering_is_found_and_named(string tampering, long sequence, string kind)
    {
        await using var log = await AnAccessLog.OpenAsync();
        await log.WriteAsync(5);

        await log.TamperAsync(tampering);

        var found = Assert.Single((await log.VerifyAsync()).Breaks);
        Assert.Equal((sequence, kind), (found.Sequence, found.Kind.ToString()));
    }

    [Fact]
    public async Task A_chain_goes_on_over_the_end_of_a_month_in_partitions_that_were_made_ahead()
    {
        await using var log = await AnAccessLog.OpenAsync();
        await log.WriteAsync(2);

        // From November to December, whose partition the first entry of November made.
        log.Clock.Advance(Duration.FromDays(2));
        await log.WriteAsync(3);

        Assert.Empty((await log.VerifyAsync()).Breaks);
        Assert.Equal(2, await log.AskAsync<long>("select count(*) from access_entries_2019_11"));
        Assert.Equal(3, await log.AskAsync<long>("select count(*) from access_entries_2019_12"));
        Assert.Equal("r", await log.AskAsync<string>(PartitionKind("2020_02")));
    }

    [Fact]
    public async Task A_month_expires_as_a_whole_and_its_chains_still_verify()
    {
        await using var log = await AnAccessLog.OpenAsync();
        await log.WriteAsync(2);
        log.Clock.Advance(Duration.FromDays(2));
        await log.WriteAsync(3);

        await log.RunAsync("select kalisecu_drop_access_partition('2019-11-01', '2020-10-01T00:00:00Z')");

        var found = await log.VerifyAsync();
        Assert.Equal(3, found.EntryCount);
        Assert.Empty(found.Breaks);
    }

    [Fact]
    public async Task A_month_does_not_expire_before_eleven_months()
    {
        await using var log = await AnAccessLog.OpenAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            log.RunAsync("select kalisecu_drop_access_partition('2019-11-01', '2020-09-30T23:00:00Z')")
        );

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    [Fact]
    public async Task Nobodys_clock_makes_a_month_expire_before_the_databases_does()
    {
        await using var log = await AnAccessLog.OpenAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            log.RunAsync(
                "select kalisecu_drop_access_partition((now() - interval '10 months')::date, '9999-01-01T00:00:00Z')"
            )
        );

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    [Fact]
    public async Task A_month_that_is_said_to_have_expired_too_early_was_removed()
    {
        await using var log = await AnAccessLog.OpenAsync();
        await log.WriteAsync(2);
        log.Clock.Advance(Duration.FromDays(2));
        await log.WriteAsync(3);

        await log.TamperAsync(
            "delete from access_entries where sequence <= 2; "
                + "update access_log_roots set expire_time = '2020-09-30T23:00:00Z' where month = '2019-11-01'"
        );

        var found = Assert.Single((await log.VerifyAsync()).Breaks);
        Assert.Equal((1L, ChainBreakKind.Removed), (found.Sequence, found.Kind));
    }

    [Theory]
    [InlineData("update access_entries set reason = 'x'")]
    [InlineData("delete from access_entries")]
    [InlineData("truncate access_entries")]
    [InlineData("update access_entries_2019_11 set reason = 'x'")]
    [InlineData("truncate access_entries_2019_11")]
    [InlineData("update access_log_roots set last_sequence = 1")]
    [InlineData("delete from access_log_roots")]
    public async Task Not_even_a_superuser_changes_an_entry_by_mistake(string change)
    {
        await using var log = await AnAccessLog.OpenAsync();
        await log.WriteAsync(2);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => log.RunAsync(change));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    [Fact]
    public async Task After_a_failure_nothing_is_claimed_and_a_new_chain_begins()
    {
        await using var log = await AnAccessLog.OpenAsync();
        await log.WriteAsync(2);
        await log.RunAsync("revoke insert on access_entries from kalisecu_server");

        var refusal = await Assert.ThrowsAsync<Kalisecu.Errors.Refusal>(() => log.WriteAsync(1));
        await log.RunAsync("grant insert on access_entries to kalisecu_server");
        await log.WriteAsync(1);

        Assert.Equal(Kalisecu.Errors.V1.ErrorReason.AccessLogUnavailable, refusal.Reason);
        var found = await log.VerifyAsync();
        Assert.Equal((2, 3L), (found.WriterCount, found.EntryCount));
        Assert.Empty(found.Breaks);
    }

    private static string PartitionKind(string month) =>
        $"select relkind::text from pg_class where relname = 'access_entries_{month}'";
}
