using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Kalisecu.Policies;

/// <summary>What differs between two texts, line by line.</summary>
internal static class PolicyDiff
{
    public static IEnumerable<V1.DiffLine> Of(string older, string newer) =>
        new InlineDiffBuilder(new Differ())
            .BuildDiffModel(older, newer, ignoreWhitespace: false)
            .Lines.Select(line => new V1.DiffLine { Kind = Kind(line.Type), Text = line.Text });

    private static V1.DiffKind Kind(ChangeType type) =>
        type switch
        {
            ChangeType.Unchanged => V1.DiffKind.Same,
            ChangeType.Inserted => V1.DiffKind.Added,
            ChangeType.Deleted => V1.DiffKind.Removed,
            _ => throw new InvalidOperationException($"No such change of a line: {type}"),
        };
}
