namespace Kalisecu.Backups;

/// <summary>Statements over whatever tables there are, which no mapper knows.</summary>
internal static class ManifestSql
{
    /// <summary>All tables of ours, a partitioned one as one.</summary>
    public const string Tables = """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
            and n.nspname not in ('pg_catalog', 'information_schema')
        order by 1
        """;

    /// <summary>
    /// We, not they: whoever waits for us longer than a moment would otherwise be chosen as the victim of a deadlock, or stand
    /// in the queue behind us.
    /// </summary>
    public const string GiveWay = "set deadlock_timeout = '50ms'; set lock_timeout = '2s'";

    public const string RestorePoint = "select pg_create_restore_point($1)";

    public const string SchemaVersion =
        "select coalesce(max(version), '') from schema_changes where success and version is not null";

    /// <summary>PostgreSQL's own hash of a record, over every column; sums do not depend on the order.</summary>
    public static string Digest(string table) =>
        $"select count(*), coalesce(sum(hash_record_extended(t, 0)), 0)::text from {table} t";
}
