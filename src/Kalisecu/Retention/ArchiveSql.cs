using Kalisecu.Persistence;

namespace Kalisecu.Retention;

/// <summary>Rows of any table as JSON, as no mapper reads them.</summary>
internal static class ArchiveSql
{
    /// <summary>All rows of the tenant <c>$1</c>: the row without what is sealed, its document, the sealed value and its owner.</summary>
    public static string Rows(KeepingRule rule)
    {
        var document = rule.ObjectColumn is { } named ? "t." + named : "null::text";
        var value = rule.Sealed is { } column
            ? $"t.{column.Column}, t.{column.OwnerColumn}"
            : "null::bytea, null::uuid";
        return $"""
            select (to_jsonb(t) - '{rule.Sealed?.Column}')::text, {document}, {value}
            from {rule.Table} t where t.tenant_id = $1 order by {string.Join(", ", rule.Key.Select(k => "t." + k))}
            """;
    }
}
