using System.Security.Cryptography;
using System.Text.Json;

namespace Kalisecu.Backups;

/// <summary>How many rows a table has, and the sum of their hashes: the same whatever their order.</summary>
internal sealed record TableDigest(long Rows, string Hashes);

/// <summary>What the database held at a named place in its log, exactly: what a restore up to that place has to give back.</summary>
/// <param name="SchemaVersion">The newest migration.</param>
/// <param name="ChainHeads">How many chains of evidence there are, and the hash of all their ends.</param>
internal sealed record BackupManifest(
    string RestorePoint,
    string SchemaVersion,
    TableDigest ChainHeads,
    SortedDictionary<string, TableDigest> Tables
)
{
    // One sentence names so many tables at most.
    private const int Named = 5;

    public byte[] Digest() => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>What a restored database has otherwise, in sentences.</summary>
    public IReadOnlyList<string> DifferencesOf(BackupManifest restored)
    {
        List<string> found = [];
        if (!string.Equals(SchemaVersion, restored.SchemaVersion, StringComparison.Ordinal))
        {
            found.Add($"The schema is of migration {restored.SchemaVersion}, not {SchemaVersion}.");
        }

        if (ChainHeads != restored.ChainHeads)
        {
            found.Add("The chains of evidence end elsewhere than when the backup was taken.");
        }

        var different = Tables
            .Where(t => restored.Tables.GetValueOrDefault(t.Key) != t.Value)
            .Select(t =>
                restored.Tables.TryGetValue(t.Key, out var other)
                    ? $"{t.Key} ({t.Value.Rows} rows, restored {other.Rows}"
                        + (t.Value.Rows == other.Rows ? ", other contents)" : ")")
                    : $"{t.Key} (missing)"
            )
            .Concat(restored.Tables.Keys.Where(t => !Tables.ContainsKey(t)).Select(t => $"{t} (unknown)"))
            .ToList();
        if (different.Count > 0)
        {
            found.Add($"{different.Count} tables are not what they were: {string.Join(", ", different.Take(Named))}.");
        }

        return found;
    }
}
