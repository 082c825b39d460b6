using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Backups;

/// <summary>A copied file.</summary>
/// <param name="Time">When its original was last written, in ticks: a file that kept size and time is the same.</param>
/// <param name="Sha256">Of the copy as it lies there.</param>
/// <param name="GoneDate">The day on which its original was found gone; null while it is there.</param>
internal sealed record CopiedFile(long SizeBytes, long Time, string Sha256, string? GoneDate = null)
{
    public LocalDate? Gone => GoneDate is null ? null : LocalDatePattern.Iso.Parse(GoneDate).Value;
}

/// <summary>What the copies hold, as the list in their folder says.</summary>
internal sealed record CopiedFiles(long Files, long Bytes, byte[] Digest);

/// <summary>The list of all copied files with their digests, kept beside them.</summary>
internal sealed class CopyList
{
    private const string FileName = "copies.json";

    public SortedDictionary<string, CopiedFile> Files { get; init; } = new(StringComparer.Ordinal);

    public static CopyList Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file)
            ? JsonSerializer.Deserialize<CopyList>(File.ReadAllBytes(file)) ?? new CopyList()
            : new CopyList();
    }

    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var pending = Path.Combine(folder, FileName + ".new");
        await File.WriteAllBytesAsync(pending, JsonSerializer.SerializeToUtf8Bytes(this), cancellationToken);
        File.Move(pending, Path.Combine(folder, FileName), overwrite: true);
    }

    public CopiedFiles Sum()
    {
        var text = new StringBuilder();
        foreach (var (path, file) in Files)
        {
            text.Append(path).Append('\t').Append(file.SizeBytes).Append('\t').Append(file.Sha256).Append('\n');
        }

        return new CopiedFiles(
            Files.Count,
            Files.Values.Sum(f => f.SizeBytes),
            SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))
        );
    }

    /// <summary>Reads every copy and compares it with the list.</summary>
    /// <returns>What is missing or other than it was.</returns>
    public async Task<IReadOnlyList<string>> FindDamageAsync(string folder, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var (path, file) in Files)
        {
            var copy = Path.Combine(folder, path);
            if (!File.Exists(copy))
            {
                found.Add($"{path} is missing");
            }
            else if (!string.Equals(await HashAsync(copy, cancellationToken), file.Sha256, StringComparison.Ordinal))
            {
                found.Add($"{path} was changed");
            }
        }

        return found;
    }

    public static async Task<string> HashAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
