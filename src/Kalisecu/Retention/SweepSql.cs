using Kalisecu.Persistence;

namespace Kalisecu.Retention;

/// <summary>
/// Statements made from the rules: which table, which rows and what goes with them differ, and no mapper deletes in batches.
/// Whatever is put in is a constant of the code, never a value.
/// </summary>
internal static class SweepSql
{
    private const string Identifiers = "coalesce(array_agg(id), '{}')";
    private const string Platform = "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid";

    /// <summary>The tables whose rows can be restricted: what is restricted stays (GDPR art. 18).</summary>
    public const string Restrictable = """
        select c.relname::text from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'restrict_time' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace
        """;

    /// <summary>Which table refers to which: the one that refers goes first.</summary>
    public const string References = """
        select conrelid::regclass::text || ' ' || confrelid::regclass::text from pg_constraint
        where contype = 'f' and connamespace = 'public'::regnamespace and conrelid <> confrelid
        """;

    public const string Certify = """
        insert into retention_sweeps as s (sweep_id, rule, of_tenant_id, rule_version, period, clause, ended_before, row_count,
            object_count, digest, start_time, update_time)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        on conflict (sweep_id, rule, of_tenant_id) do update set row_count = s.row_count + excluded.row_count,
            object_count = s.object_count + excluded.object_count, digest = sha256(s.digest || excluded.digest),
            update_time = excluded.update_time
        """;

    /// <summary>What a slower sweep counted earlier does not come after what is newer.</summary>
    public const string RecordOutlook = """
        insert into retention_outlooks as o (rule, count_time, due_counts) values ($1, $2, $3)
        on conflict (rule) do update set count_time = excluded.count_time, due_counts = excluded.due_counts
        where o.count_time < excluded.count_time
        """;

    public const string HoldTenant = """
        select t.tenant_id from tenants t where t.tenant_id = $1 and t.forget_time is null
            and not exists (select from legal_holds h where h.held_tenant_id = t.tenant_id and h.release_time is null)
        for update of t
        """;

    public const string ForgetTenant = "update tenants set forget_time = $2 where tenant_id = $1";

    /// <summary>Whether a tenant still has rows that go with it.</summary>
    public static string LeftOfTenant(KeepingRule rule) =>
        $"select exists (select from {rule.Table} t where t.tenant_id = $1 and ({rule.Condition}))";

    /// <summary>
    /// Deletes up to <c>$3</c> rows that began to end before <c>$1</c>, oldest first from <c>$4</c> on, and answers what it did.
    /// Locking them first leaves alone what others hold, and costs as much again as the deletion. The identifiers come back
    /// unsorted: sorting them here took as long as deleting the rows.
    /// </summary>
    public static string Rows(KeepingRule rule, bool canBeRestricted, bool skipsLocked) =>
        Batch(
            rule,
            $"""
            select t.ctid as row_at, {rule.Start} as start_time, {Columns(rule)}
            from {rule.Table} t
            where {Due(rule, canBeRestricted)} and {rule.Start} >= $4
            order by 2 limit $3{(skipsLocked ? " for update of t skip locked" : "")}
            """
        );

    /// <summary>A batch that meets a row in somebody's hands gives up soon, and is done again around it.</summary>
    public const string BePatientForMoments = "set local lock_timeout = '100ms'";

    /// <summary>Deletes up to <c>$3</c> rows of the tenant <c>$1</c>, which nothing holds.</summary>
    public static string OfTenant(KeepingRule rule) =>
        Batch(
            rule,
            $"""
            select t.ctid as row_at, null::timestamptz as start_time, {Columns(rule)}
            from {rule.Table} t
            where t.tenant_id = $1 and ({rule.Condition}) and {TenantIsFree("$1")}{Unrestricted(rule, "$1")}
            limit $3 for update of t skip locked
            """
        );

    /// <summary>Persons who are due at <c>$1</c>, oldest first: tenant, person, kind.</summary>
    public static string Persons(KeepingRule rule, bool canBeRestricted) =>
        $"""
            select p.tenant_id, p.person_id, p.kind
            from {rule.Table} t join persons p on p.tenant_id = {Tenant(rule)} and p.person_id = t.{rule.PersonColumn}
            where {Due(rule, canBeRestricted)} and p.erase_time is null and p.restrict_time is null
            order by {rule.Start} limit $2
            """;

    /// <summary>Locks one of them, <c>$2</c>, unless that is no longer so.</summary>
    public static string Person(KeepingRule rule, bool canBeRestricted) =>
        $"""
            select count(*) from (
                select 1 from {rule.Table} t
                where {Due(rule, canBeRestricted)} and t.{rule.PersonColumn} = $2 for update of t skip locked) held
            """;

    /// <summary>How many rows began to end before <c>$1</c> and are still here, held ones apart.</summary>
    public static string Count(KeepingRule rule, bool canBeRestricted) =>
        $"select count(*) from {rule.Table} t where {Due(rule, canBeRestricted)}";

    /// <summary>How many rows end between the moments <c>$2</c>, which rise to <c>$1</c>: by the number of the later one, from 0.</summary>
    public static string CountByDay(KeepingRule rule, bool canBeRestricted) =>
        $"""
            select width_bucket(due.start_time, $2), count(*) from (
                select {rule.Start} as start_time from {rule.Table} t where {Due(rule, canBeRestricted)}) due
            group by 1
            """;

    /// <summary>Clients whose data is due at <c>$1</c> and held by nothing.</summary>
    public static string Tenants(KeepingRule rule) =>
        $"""
            select t.tenant_id from {rule.Table} t
            where ({rule.Condition}) and {rule.Start} < $1 and {TenantIsFree("t.tenant_id")}
            order by {rule.Start} limit $2
            """;

    public static string CountTenants(KeepingRule rule) =>
        $"""
            select count(*) from {rule.Table} t
            where ({rule.Condition}) and {rule.Start} < $1 and {TenantIsFree("t.tenant_id")}
            """;

    public static string TenantIsFree(string tenant) =>
        $"not exists (select from legal_holds h where h.held_tenant_id = {tenant} and h.release_time is null)";

    // The client's people stay as long as one of them is restricted: their names are sealed with the key that would go.
    private static string Unrestricted(KeepingRule rule, string tenant) =>
        rule.Category is RetentionRule.TechnicalData
            ? ""
            : $" and not exists (select from persons r where r.tenant_id = {tenant} and r.restrict_time is not null)";

    private static string Due(KeepingRule rule, bool canBeRestricted) =>
        $"({rule.Condition}) and {rule.Start} < $1{(canBeRestricted ? " and t.restrict_time is null" : "")} and {IsFree(rule)}";

    private static string IsFree(KeepingRule rule)
    {
        var person = rule.PersonColumn is { } column
            ? $"(h.person_id is null or h.person_id = t.{column})"
            : "h.person_id is null";
        // Whose rows are held is asked once a statement; only theirs are looked at one by one.
        return $"""
            ({Tenant(rule)} <> all (array(select h.held_tenant_id from legal_holds h
                where h.release_time is null and (h.rule is null or h.rule = '{rule.Name}')))
            or not exists (select from legal_holds h
                where h.held_tenant_id = {Tenant(rule)} and h.release_time is null
                    and (h.rule is null or h.rule = '{rule.Name}')
                    and (h.row_key is null or h.row_key = t.{rule.Key[^1]}::text) and {person}))
            """;
    }

    private static string Batch(KeepingRule rule, string due)
    {
        var owned = rule.Owned.Select(
            (table, i) =>
                $"""
                    , owned{i} as (
                        delete from {table} c using due
                        where {string.Join(" and ", rule.Key.Select(k => $"c.{k} = due.{k}"))}
                        returning {(
                        i == 0 && rule.ObjectsAreOwned ? $"c.tenant_id, c.{rule.ObjectColumn} as object" : "1"
                    )})
                    """
        );
        var objects = (rule.ObjectColumn, rule.ObjectsAreOwned) switch
        {
            (null, _) => "'{}'::uuid[], '{}'::text[]",
            (_, true) => "(select coalesce(array_agg(tenant_id), '{}') from owned0), "
                + "(select coalesce(array_agg(object), '{}') from owned0)",
            (_, false) => "coalesce(array_agg(owner), '{}'), coalesce(array_agg(object), '{}')",
        };
        var verb = rule.Blanks is null ? $"delete from {rule.Table} t" : $"update {rule.Table} t set {rule.Blanks}";
        var more = rule is { ObjectColumn: { } object_, ObjectsAreOwned: false }
            ? $", t.{(rule.ObjectHasKey ? rule.Key[^1] : "tenant_id")} as owner, t.{object_} as object"
            : "";
        var ownedRows = string.Concat(rule.Owned.Select((_, i) => $" + (select count(*) from owned{i})"));
        return $"""
            with due as (
            {due}
            ){string.Concat(owned)}, batch as materialized (
                select array_agg(row_at) as rows, max(start_time) as last, count(*) as selected from due
            ), gone as (
                {verb} where t.ctid = any ((select rows from batch)::tid[])
                returning {Identifier(rule)} as id{more})
            select count(*){ownedRows}, {Identifiers},
                (select last from batch), (select selected from batch), {objects}
            from gone
            """;
    }

    /// <summary>Identifiers are unique by themselves; other keys are so as a whole, and are named as text.</summary>
    public static bool HasIdentifier(KeepingRule rule) => rule.Key[^1].EndsWith("_id", StringComparison.Ordinal);

    private static string Identifier(KeepingRule rule) =>
        HasIdentifier(rule) ? "t." + rule.Key[^1] : $"concat_ws('/', {Columns(rule)})";

    private static string Columns(KeepingRule rule) => string.Join(", ", rule.Key.Select(k => "t." + k));

    private static string Tenant(KeepingRule rule) => rule.HasTenant ? "t.tenant_id" : Platform;
}
