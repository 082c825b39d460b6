namespace Kalisecu.Compliance;

/// <summary>Questions about what columns there are, which the mapper cannot know of tables that are not its own.</summary>
internal static class HeldColumnsSql
{
    /// <summary>Every column of our schema, as table.column; partitions stand for their parent.</summary>
    public const string All = """
        select c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and a.attnum > 0 and not a.attisdropped
        order by 1
        """;

    /// <summary>Columns whose names speak of payment cards or accounts (clause DATA-3).</summary>
    public const string OfCards = """
        select c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast')
            and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
            and a.attname ~ '(^|_)(card|cards|pan|cvv|cvc|iban|cardholder|credit_card)(_|$)'
        order by 1
        """;
}
