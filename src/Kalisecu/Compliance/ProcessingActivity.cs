using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Kalisecu.Compliance;

/// <summary>What is processed for one purpose on one basis, as the columns of the database say (GDPR art. 30(1)).</summary>
internal sealed record ProcessingActivity(
    Purpose Purpose,
    LegalBasis Basis,
    IReadOnlyList<PersonKind> Persons,
    IReadOnlyList<DataCategory> Categories,
    IReadOnlyList<DataSource> Sources,
    IReadOnlyList<RetentionRule> Retention,
    IReadOnlyList<string> Tables
)
{
    public static IReadOnlyList<ProcessingActivity> Of(IModel model) =>
        [
            .. PersonalColumns(model)
                .GroupBy(c => (c.Class.Purpose, c.Class.Basis))
                .OrderBy(g => g.Key)
                .Select(g => new ProcessingActivity(
                    g.Key.Purpose,
                    g.Key.Basis,
                    Distinct(g.Select(c => c.Class.Person)),
                    Distinct(g.Select(c => c.Class.Category)),
                    Distinct(g.Select(c => c.Class.Source)),
                    Distinct(g.Select(c => c.Class.Retention)),
                    [.. g.Select(c => c.Table).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
                )),
        ];

    /// <summary>Every column with data about persons.</summary>
    public static IReadOnlyList<PersonalColumn> PersonalColumns(IModel model) =>
        [
            .. from entity in model.GetEntityTypes()
            from property in entity.GetFlattenedProperties()
            let personal = property.FindAnnotation(ColumnClass.Annotation)?.Value as ColumnClass.Personal
            where personal is not null
            select new PersonalColumn(entity.GetTableName() ?? "", property.GetColumnName(), personal),
        ];

    private static List<T> Distinct<T>(IEnumerable<T> values) => [.. values.Distinct().Order()];
}

/// <summary>A column with data about persons.</summary>
internal sealed record PersonalColumn(string Table, string Column, ColumnClass.Personal Class);
