using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.IntegrationTests.Persistence;

/// <summary>Grants that are narrower than a table, as the database itself has them: whoever widens one is seen here.</summary>
public sealed class GrantTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>What a role may do with a table: the whole of it (*), or some columns. PostgreSQL answers, groups and public included.</summary>
    private const string Grants = """
        select coalesce(string_agg(p || ' ' || what, ', ' order by p), '') from (
            select p, case when has_table_privilege($1, $2::regclass, p) then '*' else (
                select '(' || string_agg(a.attname, ' ' order by a.attname) || ')' from pg_attribute a
                where a.attrelid = $2::regclass and a.attnum > 0 and not a.attisdropped
                    and p in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                    and has_column_privilege($1, a.attrelid, a.attnum, p)) end as what
            from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
        ) granted where what is not null
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        DatabaseRoles.Delivery,
        "privacy_requests",
        "SELECT *, UPDATE (due_date extend_notice_time next_alarm_time suspended_due_date update_time)"
    )]
    [InlineData(DatabaseRoles.Delivery, "privacy_request_rights", "SELECT *")]
    [InlineData(DatabaseRoles.Delivery, "privacy_request_subjects", "SELECT *")]
    [InlineData(DatabaseRoles.Delivery, "privacy_request_originals", "")]
    [InlineData(
        DatabaseRoles.Server,
        "letters",
        "INSERT *, SELECT *, UPDATE (attempt_count bounce_time next_time restrict_time state state_reason)"
    )]
    [InlineData(
        DatabaseRoles.Delivery,
        "letters",
        "INSERT *, SELECT *, UPDATE (attempt_count claim_time next_time secret send_time state state_reason)"
    )]
    [InlineData(
        DatabaseRoles.Retention,
        "letters",
        "DELETE *, INSERT *, SELECT *, UPDATE (restrict_time secret state state_reason)"
    )]
    [InlineData(DatabaseRoles.Backup, "letters", "INSERT *, SELECT *")]
    [InlineData(DatabaseRoles.Breach, "letters", "INSERT *, SELECT *")]
    [InlineData(DatabaseRoles.Server, "privacy_request_subjects", "INSERT *, SELECT *, UPDATE (identity_time)")]
    [InlineData(DatabaseRoles.Server, "privacy_request_originals", "INSERT *, SELECT *")]
    [InlineData(DatabaseRoles.Server, "recipient_notices", "INSERT *, SELECT *, UPDATE (told_date)")]
    // Deleting row by row locks rows, for which PostgreSQL asks for some right to update: the tenant, which its policy keeps.
    [InlineData(DatabaseRoles.Retention, "recipient_notices", "DELETE *, INSERT *, SELECT *, UPDATE (tenant_id)")]
    [InlineData(DatabaseRoles.Server, "erasure_journal_marks", "SELECT *")]
    public async Task A_role_may_do_with_a_table_this_and_no_more(string role, string table, string granted)
    {
        await using var source = NpgsqlDataSource.Create(database.Superuser);
        await using var connection = await source.OpenConnectionAsync(Cancel);

        Assert.Equal(granted, await GrantsAsync(connection, role, table));
    }

    [Theory]
    [InlineData(
        "grant update (details) on privacy_requests to kalisecu_delivery",
        DatabaseRoles.Delivery,
        "privacy_requests",
        "details"
    )]
    [InlineData("grant update on letters to kalisecu_server", DatabaseRoles.Server, "letters", "UPDATE *")]
    [InlineData("grant update (text_body) on letters to public", DatabaseRoles.Server, "letters", "text_body")]
    [InlineData("grant kalisecu_retention to kalisecu_server", DatabaseRoles.Server, "letters", "DELETE *")]
    public async Task A_widened_grant_is_seen(string widening, string role, string table, string seen)
    {
        await using var source = NpgsqlDataSource.Create(database.Superuser);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using (var widen = new NpgsqlCommand(widening, connection, transaction))
        {
            await widen.ExecuteNonQueryAsync(Cancel);
        }

        Assert.Contains(seen, await GrantsAsync(connection, role, table), StringComparison.Ordinal);
        await transaction.RollbackAsync(Cancel);
    }

    [Theory]
    [InlineData(DatabaseRoles.Delivery, "update privacy_requests set details = null")]
    [InlineData(DatabaseRoles.Delivery, "update privacy_request_rights set outcome = null")]
    [InlineData(DatabaseRoles.Server, "update letters set text_body = recipient")]
    [InlineData(DatabaseRoles.Server, "update letters set secret = null")]
    [InlineData(DatabaseRoles.Delivery, "update letters set recipient = subject")]
    public async Task PostgreSQL_refuses_what_was_not_granted(string role, string statement)
    {
        await using var source = NpgsqlDataSource.Create(database.Connection(role));
        await using var command = source.CreateCommand(statement);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancel));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private static async Task<string> GrantsAsync(NpgsqlConnection connection, string role, string table)
    {
        await using var command = new NpgsqlCommand(Grants, connection);
        command.Parameters.AddWithValue(role);
        command.Parameters.AddWithValue(table);
        return (string)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
