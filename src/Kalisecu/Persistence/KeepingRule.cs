using Kalisecu.Time;

namespace Kalisecu.Persistence;

/// <summary>Until when the rows of one table are kept, and how they go. Data: the sweeps, the previews and the register read it.</summary>
/// <param name="Name">Small letters and hyphens, unique on the platform; it stands in certificates and holds.</param>
/// <param name="Version">Rises with every change of what follows.</param>
/// <param name="Category">The clause that it follows from.</param>
/// <param name="Period">How long after the starting event.</param>
/// <param name="StartingEvent">What the period counts from, in words.</param>
/// <param name="Table">The table whose rows end.</param>
internal sealed record KeepingRule(
    string Name,
    int Version,
    RetentionRule Category,
    CalendarPeriod Period,
    string StartingEvent,
    string Table
)
{
    public KeepingAction Action { get; init; } = KeepingAction.DeleteRows;

    /// <summary>The moment of the starting event: an SQL expression over a row <c>t</c>, null for a row that has not begun to end.</summary>
    public string Start { get; init; } = "";

    /// <summary>Which rows the rule is about: an SQL condition over a row <c>t</c>.</summary>
    public string Condition { get; init; } = "true";

    /// <summary>The primary key; its last column is how a hold names a row.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>The column that says whose the row is in the sense of a hold: <c>tenant_id</c>, or none for the platform's own tables.</summary>
    public bool HasTenant => Key.Contains("tenant_id", StringComparer.Ordinal);

    /// <summary>The column that names the person whom the row is about, for holds.</summary>
    public string? PersonColumn { get; init; }

    /// <summary>Tables whose rows go with the row, in the order in which they go; they have its key columns.</summary>
    public IReadOnlyList<string> Owned { get; init; } = [];

    /// <summary>The column that names a stored object which goes with the row; in the table itself, or in the first owned one.</summary>
    public string? ObjectColumn { get; init; }

    /// <summary>Whether <see cref="ObjectColumn"/> stands in the first of <see cref="Owned"/>.</summary>
    public bool ObjectsAreOwned { get; init; }

    /// <summary>Whether the object has an owner and so a key of its own, named by the last column of the key; both go with the row.</summary>
    public bool ObjectHasKey { get; init; }

    /// <summary>The column that is sealed with the tenant's key and has to be opened where rows leave for an archive.</summary>
    public SealedColumn? Sealed { get; init; }

    /// <summary>Whether servers see the rows only tenant by tenant, so that the sweep alone can count them.</summary>
    public bool IsHiddenFromServers { get; init; }

    /// <summary>What is set where the row itself has to stay, in place of its deletion; <c>$2</c> is the moment.</summary>
    public string? Blanks { get; init; }

    /// <summary>Statements about the months of a partitioned table.</summary>
    public KeptMonths? Months { get; init; }

    /// <summary>The published clause behind it; empty for proofs, which follow from civil limitation.</summary>
    public string Clause =>
        Category switch
        {
            RetentionRule.Prospect => "RET-1",
            RetentionRule.Contract => "RET-2",
            RetentionRule.TechnicalData => "RET-3",
            RetentionRule.Invoices => "RET-4",
            RetentionRule.Logs or RetentionRule.Employment => "RET-5",
            RetentionRule.Proof => "",
            _ => throw new InvalidOperationException($"No category: {Category}"),
        };

    /// <summary>All tables whose rows end by this rule.</summary>
    public IEnumerable<string> Tables => Owned.Prepend(Table);
}

/// <summary>How rows go.</summary>
internal enum KeepingAction
{
    /// <summary>Row by row, in batches.</summary>
    DeleteRows,

    /// <summary>With the data of their tenant, whose contract starts the period; then its objects and its key go too.</summary>
    DeleteWithTenant,

    /// <summary>The person is forgotten by every store, like by an erasure.</summary>
    ForgetPersons,

    /// <summary>Whole months, as partitions.</summary>
    DropMonths,

    /// <summary>The tenant itself: the end of all that goes with it.</summary>
    ForgetTenant,
}

/// <summary>A sealed column.</summary>
/// <param name="IsA">What its value is, as it was sealed.</param>
/// <param name="OwnerColumn">The column that the seal is bound to.</param>
internal sealed record SealedColumn(string Column, string IsA, string OwnerColumn);

/// <summary>Statements about the months of a partitioned table.</summary>
/// <param name="Expired">Answers month, count and digest of the months that are due at <c>$1</c>.</param>
/// <param name="Drop">Drops the month <c>$1</c> at the moment <c>$2</c>.</param>
/// <param name="Ensure">Makes the month of the day <c>$1</c>.</param>
internal sealed record KeptMonths(string Expired, string Drop, string Ensure);

/// <summary>What a capability keeps and until when. Found by this interface: a capability has rules by writing them.</summary>
internal interface IRetention
{
    IReadOnlyList<KeepingRule> Rules { get; }

    /// <summary>Tables of the capability that no rule ends, and why.</summary>
    IReadOnlyDictionary<string, string> Reasons => new Dictionary<string, string>(StringComparer.Ordinal);
}
