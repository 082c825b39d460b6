using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Kalisecu.IntegrationTests.Persistence;

/// <summary>What holds for every table of the real database, whoever adds one.</summary>
public sealed class SchemaTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly TestFolder _folder = new();

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
    public async Task Every_row_of_a_tenant_table_is_seen_through_a_policy_that_asks_for_its_tenant()
    {
        Assert.Empty(
            await ListAsync(
                """
                select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                    and not exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive)
                """
            )
        );
        // A permissive policy that lets rows be seen or changed and says nothing of the tenant opens them to everybody.
        Assert.Empty(
            await ListAsync(
                """
                select p.polrelid::regclass::text || '.' || p.polname from pg_policy p
                join pg_attribute a on a.attrelid = p.polrelid and a.attname = 'tenant_id'
                where p.polpermissive and p.polcmd <> 'a'
                    and (p.polroles = '{0}' or to_regrole('kalisecu_server')::oid = any(p.polroles))
                    and pg_get_expr(p.polqual, p.polrelid) not like '%kalisecu_tenant()%'
                """
            )
        );
    }

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
    public async Task Every_mapped_column_is_in_the_database()
    {
        var real = await ColumnsAsync();

        // Every row has an xmin; it is a system column, which the catalogue does not list.
        Assert.Empty(
            Properties()
                .Where(p => p.GetColumnName() is not "xmin")
                .Select(p => $"{p.DeclaringType.GetTableName()}.{p.GetColumnName()}")
                .Except(real, StringComparer.Ordinal)
        );
        Assert.Empty(UnmappedColumns.All.Keys.Except(real, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_column_of_the_database_is_classified_mapped_or_not() =>
        Assert.Empty(Unclassified(await ColumnsAsync()));

    [Fact]
    public async Task A_column_that_nobody_classified_does_not_pass()
    {
        var columns = await ColumnsAsync();

        Assert.Equal(["members.birthday"], Unclassified(columns.Append("members.birthday")));
    }

    [Fact]
    public async Task Every_table_with_a_personal_column_belongs_to_exactly_one_store()
    {
        await using var services = Services();
        var stores = services.GetRequiredService<PersonStores>();
        var personal = Properties()
            .Where(p => Class(p) is ColumnClass.Personal)
            .Select(p => p.DeclaringType.GetTableName()!)
            .Concat(UnmappedColumns.All.Where(c => c.Value is ColumnClass.Personal).Select(c => c.Key.Split('.')[0]))
            .Distinct(StringComparer.Ordinal);

        Assert.NotEmpty(stores.All);
        Assert.Empty(personal.Except(stores.All.SelectMany(s => s.Tables), StringComparer.Ordinal));
        Assert.Empty(stores.All.SelectMany(s => s.Tables).GroupBy(t => t).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Empty(
            stores
                .All.SelectMany(s => s.Tables)
                .Except((await ColumnsAsync()).Select(c => c.Split('.')[0]), StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_store_tells_what_it_holds_why_from_where_and_how_long()
    {
        await using var services = Services();

        var descriptions = services.GetRequiredService<StoreDescriptions>().All;

        Assert.All(descriptions, d => Assert.NotEmpty(d.Columns));
        var members = Assert.Single(descriptions, d => d.Store is "members");
        Assert.Equal([PersonKind.Member], members.Persons);
        Assert.Contains(DataCategory.Identity, members.Categories);
        Assert.Equal([RetentionRule.Contract], members.Retention);
    }

    [Fact]
    public async Task Every_table_whose_rows_can_be_restricted_hides_them_by_a_restrictive_policy() =>
        Assert.Empty(
            await ListAsync(
                """
                select c.relname::text from pg_class c
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'restrict_time' and not a.attisdropped
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                    and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p
                        where p.polrelid = c.oid and not p.polpermissive
                            and pg_get_expr(p.polqual, c.oid) like '%kalisecu_sees_restricted%'))
                """
            )
        );

    private IEnumerable<string> Unclassified(IEnumerable<string> columns) =>
        columns
            .Except(
                Properties()
                    .Where(p => Class(p) is not null)
                    .Select(p => $"{p.DeclaringType.GetTableName()}.{p.GetColumnName()}"),
                StringComparer.Ordinal
            )
            .Where(c => UnmappedColumns.Of(c) is null);

    private static ColumnClass? Class(IProperty property) =>
        property.FindAnnotation(ColumnClass.Annotation)?.Value as ColumnClass;

    private List<IProperty> Properties()
    {
        using var services = new ServiceCollection().AddKalisecuDatabase(database.Server).BuildServiceProvider();
        using var db = services.GetRequiredService<IDbContextFactory<KalisecuDb>>().CreateDbContext();
        return [.. db.Model.GetEntityTypes().SelectMany(e => e.GetFlattenedProperties())];
    }

    public void Dispose() => _folder.Dispose();

    private ServiceProvider Services()
    {
        var keyFile = Path.Combine(_folder.Path, "key");
        KeyFolder.CreateKeyEncryptionKey(keyFile);
        return new ServiceCollection()
            .AddKalisecuDatabase(database.Server)
            .AddPersons()
            .AddKeys(Path.Combine(_folder.Path, "keys"), keyFile)
            .AddObjects(Path.Combine(_folder.Path, "objects"))
            .AddSingleton<IClock>(SystemClock.Instance)
            .BuildServiceProvider();
    }

    // A partition has the columns of its table.
    private Task<List<string>> ColumnsAsync() =>
        ListAsync(
            """
            select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                and a.attnum > 0 and not a.attisdropped
            order by 1
            """
        );

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
