using Kalisecu.Persistence;
using Kalisecu.TestKit;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>What holds for the rules of every table of the real database, whoever adds one.</summary>
public sealed class KeepingRulesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly KeepingRules _rules = KeepingRules.OfPlatform();

    [Fact]
    public async Task Every_table_has_a_rule_that_ends_it_or_a_stated_reason_to_have_none()
    {
        var tables = await TablesAsync();
        var ruled = _rules.All.SelectMany(r => r.Tables).ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], Without(tables, ruled));
        Assert.Equal(["birthdays"], Without([.. tables, "birthdays"], ruled));
        Assert.Empty(ruled.Concat(_rules.Reasons.Keys).Except(tables, StringComparer.Ordinal));
        Assert.Empty(ruled.Intersect(_rules.Reasons.Keys, StringComparer.Ordinal));
        Assert.All(_rules.Reasons.Values, r => Assert.NotEmpty(r));
    }

    [Fact]
    public async Task Every_rule_names_the_whole_key_of_its_table()
    {
        var keys = await ListAsync(
            """
            select c.relname || ' ' || string_agg(a.attname, ',' order by a.attname) from pg_constraint k
            join pg_class c on c.oid = k.conrelid
            join pg_attribute a on a.attrelid = c.oid and a.attnum = any(k.conkey)
            where k.contype = 'p' and c.relnamespace = 'public'::regnamespace group by c.relname
            """
        );

        Assert.Empty(
            _rules
                .All.Select(r => $"{r.Table} {string.Join(',', r.Key.Order(StringComparer.Ordinal))}")
                .Except(keys, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_row_that_goes_with_its_client_has_the_client_in_its_key()
    {
        var tenantTables = await ListAsync(
            """
            select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            """
        );

        Assert.All(_rules.Of(KeepingAction.DeleteWithTenant), r => Assert.Contains(r.Table, tenantTables));
        Assert.Single(_rules.Of(KeepingAction.ForgetTenant));
    }

    [Fact]
    public async Task The_retention_worker_may_lock_and_delete_all_that_a_rule_ends()
    {
        var swept = _rules
            .All.Where(r => r.Action is KeepingAction.DeleteRows or KeepingAction.DeleteWithTenant)
            .ToList();
        var deletable = await ListAsync(
            $"""
            select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace
                and has_table_privilege('{DatabaseRoles.Retention}', c.oid, 'DELETE')
            """
        );
        var lockable = await ListAsync(
            $"""
            select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace
                and has_any_column_privilege('{DatabaseRoles.Retention}', c.oid, 'UPDATE')
            """
        );

        Assert.Empty(
            swept.Where(r => r.Blanks is null).SelectMany(r => r.Tables).Except(deletable, StringComparer.Ordinal)
        );
        Assert.Empty(swept.Select(r => r.Table).Except(lockable, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_rule_that_counts_from_a_moment_says_which()
    {
        Assert.All(
            _rules.All.Where(r => r.Action is KeepingAction.DeleteRows or KeepingAction.ForgetPersons),
            r => Assert.NotEmpty(r.Start)
        );
        Assert.All(_rules.Of(KeepingAction.ForgetPersons), r => Assert.NotNull(r.PersonColumn));
        Assert.All(_rules.Of(KeepingAction.DropMonths), r => Assert.NotNull(r.Months));
        Assert.All(
            _rules.All,
            r => Assert.True(r.Period.GoesOn(new LocalDate(2026, 1, 1)) > new LocalDate(2026, 1, 1))
        );
    }

    [Fact]
    public void Every_rule_and_reason_stands_in_the_documentation()
    {
        var lines = File.ReadAllLines(Path.Combine(Programs.RepositoryRoot, "docs", "retention.md"));
        var rules = _rules.All.Select(r =>
        {
            var tables = string.Join(", ", r.Tables.Select(t => $"`{t}`"));
            var period = PeriodPattern.Roundtrip.Format(r.Period.Length);
            return $"| {r.Name} | {(r.Clause.Length == 0 ? "-" : r.Clause)} | {period} | {r.StartingEvent} | {tables} |";
        });

        Assert.Empty(
            rules.Concat(_rules.Reasons.Select(r => $"| `{r.Key}` | {r.Value} |")).Except(lines, StringComparer.Ordinal)
        );
    }

    private IEnumerable<string> Without(IEnumerable<string> tables, HashSet<string> ruled) =>
        tables.Where(t => !ruled.Contains(t) && !_rules.Reasons.ContainsKey(t));

    private Task<List<string>> TablesAsync() =>
        ListAsync(
            """
            select c.relname::text from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1
            """
        );

    private async Task<List<string>> ListAsync(string sql)
    {
        await using var command = database.SuperuserSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
