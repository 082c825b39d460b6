using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.IntegrationTests.OneMachine;

public sealed class DatabaseRolesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string> Roles => [.. DatabaseRoles.All];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Every_role_signs_in_and_none_stands_above_row_security(string role)
    {
        await using var source = NpgsqlDataSource.Create(database.Connection(role));
        await using var command = source.CreateCommand(
            """
            select current_user = $1 and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
            from pg_roles where rolname = current_user
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = role });

        Assert.Equal(true, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_process_cannot_make_tables_of_its_own()
    {
        await using var source = NpgsqlDataSource.Create(database.Server);
        await using var command = source.CreateCommand("create table public.mine (id int)");

        var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
            command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }
}
