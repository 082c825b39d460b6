using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Kalisecu.Persons;

/// <summary>
/// What each store holds and why (GDPR art. 15(1) and 30(1)), read from the classes of its columns. Recipients are not told by
/// a column: they are in the register of sub-processors.
/// </summary>
internal sealed class StoreDescriptions(PersonStores stores, IDbContextFactory<KalisecuDb> contexts)
{
    private IReadOnlyList<StoreDescription>? _all;

    /// <summary>In the order of <see cref="PersonStores.All"/>.</summary>
    public IReadOnlyList<StoreDescription> All => _all ??= Describe();

    private List<StoreDescription> Describe()
    {
        using var db = contexts.CreateDbContext();
        var tables = db.Model.GetEntityTypes().ToLookup(e => e.GetTableName() ?? "", StringComparer.Ordinal);
        return
        [
            .. stores.All.Select(store => new StoreDescription(
                store.Name,
                [
                    .. store
                        .Tables.SelectMany(t => tables[t])
                        .SelectMany(t => t.GetFlattenedProperties())
                        .Select(Described)
                        .OfType<DescribedColumn>(),
                ]
            )),
        ];
    }

    private static DescribedColumn? Described(IProperty property) =>
        PersonColumnReader.Class(property) is ColumnClass.Personal personal
            ? new DescribedColumn(property.DeclaringType.GetTableName() ?? "", property.GetColumnName(), personal)
            : null;
}

/// <summary>One store as the law asks for it.</summary>
internal sealed record StoreDescription(string Store, IReadOnlyList<DescribedColumn> Columns)
{
    public IReadOnlyList<PersonKind> Persons => Distinct(c => c.Person);

    public IReadOnlyList<DataCategory> Categories => Distinct(c => c.Category);

    public IReadOnlyList<Purpose> Purposes => Distinct(c => c.Purpose);

    public IReadOnlyList<LegalBasis> Bases => Distinct(c => c.Basis);

    public IReadOnlyList<DataSource> Sources => Distinct(c => c.Source);

    public IReadOnlyList<RetentionRule> Retention => Distinct(c => c.Retention);

    private List<T> Distinct<T>(Func<ColumnClass.Personal, T> of) =>
        [.. Columns.Select(c => of(c.Class)).Distinct().Order()];
}

/// <summary>One personal column.</summary>
internal sealed record DescribedColumn(string Table, string Column, ColumnClass.Personal Class);
