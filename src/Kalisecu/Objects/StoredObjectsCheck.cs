using Kalisecu.Compliance;
using Kalisecu.Hosting;
using NodaTime;

namespace Kalisecu.Objects;

/// <summary>Clause SEC-2: the newest stored documents are in the sealed form, not as they were uploaded.</summary>
internal sealed class StoredObjectsCheck(ServerSettings settings) : IClauseCheck
{
    // Reading a kilobyte of each: far below a second.
    private const int Sample = 200;

    private static readonly byte[][] Clear =
    [
        [.. "%PDF-"u8],
        [.. "PK"u8],
        [.. "{\""u8],
        [.. "<"u8],
        [0x89, .. "PNG"u8],
    ];

    public string ClauseId => "SEC-2";

    public string Name => "stored-objects";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(settings.Objects.Folder);
        if (!root.Exists)
        {
            return ClauseFinding.Unproven("No document was stored yet.");
        }

        var newest = root.EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderByDescending(f => f.LastWriteTimeUtc)
            .Take(Sample)
            .ToList();
        foreach (var file in newest)
        {
            if (!await IsSealedAsync(file, cancellationToken))
            {
                return ClauseFinding.Broken(
                    $"The object {file.Directory!.Name}/{file.Name} is not in the sealed form.",
                    ("objects", newest.Count)
                );
            }
        }

        return newest.Count == 0
            ? ClauseFinding.Unproven("No document was stored yet.")
            : ClauseFinding.Holds($"The newest {newest.Count} stored documents are sealed.", ("objects", newest.Count));
    }

    private static async Task<bool> IsSealedAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var head = new byte[ObjectFormat.HeaderSize];
        await using var stream = file.OpenRead();
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);

        // An upload under way may not have written its first bytes yet.
        return read == 0
            || (
                read == head.Length
                && head[0] == ObjectFormat.Version
                && !Clear.Any(c => head.AsSpan(1).StartsWith(c) || head.AsSpan().StartsWith(c))
            );
    }
}
