using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kalisecu.IntegrationTests.Persistence;

/// <summary>What holds for every table of the real database, whoever adds one.</summary>
public sealed class SchemaTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row_security_is_forced_on_every_tenant_table() =>
        Assert.Empty(
            await ListAsync(
                """
                select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                    and not (c.relrowsecurity and c.relforcerowsecurity)
                """
            )
        );

    [Fact]
    public async Task The_tenant_leads_every_primary_and_foreign_key_of_tenant_tables() =>
        Assert.Empty(
            await ListAsync(
                """
                select k.conname::text from pg_constraint k
                join pg_attribute a on a.attrelid = k.conrelid and a.attname = 'tenant_id'
                where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'f') and k.conkey[1] <> a.attnum
                """
            )
        );

    [Fact]
    public async Task The_server_may_delete_nothing_and_empty_nothing() =>
        Assert.Empty(
            await ListAsync(
                $"""
                select c.relname::text from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                    and (has_table_privilege('{DatabaseRoles.Server}', c.oid, 'DELETE')
                        or has_table_privilege('{DatabaseRoles.Server}', c.oid, 'TRUNCATE'))
                """
            )
        );

    [Fact]
    public async Task Only_the_owner_owns_and_no_role_of_ours_passes_row_security()
    {
        Assert.Empty(
            await ListAsync(
                """
                select rolname::text from pg_roles where rolname like 'kalisecu%'
                    and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
                """
            )
        );
        Assert.Empty(
            await ListAsync(
                $"""
                select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                    and pg_get_userbyid(relowner) <> '{DatabaseRoles.Owner}'
                """
            )
        );
    }

    [Fact]
    public async Task Every_mapped_column_is_classified_and_is_in_the_database()
    {
        await using var services = new ServiceCollection().AddKalisecuDatabase(database.Server).BuildServiceProvider();
        await using var db = await services
            .GetRequiredService<IDbContextFactory<KalisecuDb>>()
            .CreateDbContextAsync(Cancel);
        var properties = db.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).ToList();
        var real = await ListAsync(
            """
            select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'
            """
        );

        Assert.Empty(
            properties
                .Where(p => p.FindAnnotation(ColumnClass.Annotation) is null)
                .Select(p => $"{p.DeclaringType}.{p.Name}")
        );
        // Every row has an xmin; it is a system column, which the catalogue does not list.
        Assert.Empty(
            properties
                .Where(p => p.GetColumnName() is not "xmin")
                .Select(p => $"{p.DeclaringType.GetTableName()}.{p.GetColumnName()}")
                .Except(real, StringComparer.Ordinal)
        );
    }

    private async Task<List<string>> ListAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Superuser);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var found = new List<string>();
        while (await reader.ReadAsync(Cancel))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
