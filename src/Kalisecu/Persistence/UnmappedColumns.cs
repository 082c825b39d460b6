namespace Kalisecu.Persistence;

/// <summary>
/// Classes of the columns that no entity maps, because statements of their own write and read them. A column of the database
/// that is neither mapped nor here does not pass the tests.
/// </summary>
internal static class UnmappedColumns
{
    private static readonly ColumnClass NotPersonal = new ColumnClass.NotPersonal();

    // Tables of the packages: the history of migrations, and the scheduler's.
    private static readonly string[] Foreign = ["schema_changes.", "qrtz_"];

    /// <summary>By <c>table.column</c>.</summary>
    public static IReadOnlyDictionary<string, ColumnClass> All { get; } =
        new Dictionary<string, ColumnClass>(StringComparer.Ordinal)
        {
            ["scan_places.tenant_id"] = NotPersonal,
            ["scan_places.scan_id"] = NotPersonal,
            ["scan_places.place"] = NotPersonal,
        };

    public static ColumnClass? Of(string column) =>
        Array.Exists(Foreign, f => column.StartsWith(f, StringComparison.Ordinal))
            ? NotPersonal
            : All.GetValueOrDefault(column);
}
