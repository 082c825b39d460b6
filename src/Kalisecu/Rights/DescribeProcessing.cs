using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>What art. 15(1) asks for, from the classification of the columns in which this person's data stands.</summary>
internal static class DescribeProcessing
{
    /// <summary>One entry for each purpose and basis, of the stores that hold something.</summary>
    public static IReadOnlyList<ExportProcessing> Of(
        KalisecuDb db,
        IEnumerable<IPersonStore> holding,
        PersonKind kind,
        Language language
    )
    {
        var tables = holding.SelectMany(s => s.Tables).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. db
                .Model.GetEntityTypes()
                .Where(e => e.GetTableName() is { } table && tables.Contains(table))
                .SelectMany(e => e.GetFlattenedProperties())
                .Select(p => p.FindAnnotation(ColumnClass.Annotation)?.Value)
                .OfType<ColumnClass.Personal>()
                .GroupBy(c => (c.Purpose, c.Basis))
                .OrderBy(g => g.Key)
                .Select(g => new ExportProcessing(
                    ExportWords.Of(g.Key.Purpose, language),
                    ExportWords.Of(g.Key.Basis, language),
                    Words(g.Select(c => c.Category), c => ExportWords.Of(c, language)),
                    Words(g.Select(c => RetentionOf(c, kind)), r => ExportWords.Of(r, language)),
                    Words(g.Select(c => c.Source), s => ExportWords.Of(s, language))
                )),
        ];
    }

    // A table of persons of several kinds says what holds for the clients; a prospect's clause is another.
    private static RetentionRule RetentionOf(ColumnClass.Personal column, PersonKind kind) =>
        (kind, column.Retention) switch
        {
            (PersonKind.Prospect, RetentionRule.Contract) => RetentionRule.Prospect,
            (PersonKind.Staff, RetentionRule.Contract) => RetentionRule.Employment,
            _ => column.Retention,
        };

    private static List<string> Words<T>(IEnumerable<T> values, Func<T, string> word)
        where T : struct, Enum => [.. values.Distinct().Order().Select(word)];
}
