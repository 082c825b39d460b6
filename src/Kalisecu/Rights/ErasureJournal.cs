using System.Runtime.CompilerServices;
using System.Text.Json;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>
/// Which persons were erased, outside of the database and its backups: a restored database learns from it whom to erase
/// again. One JSON line an entry, only ever appended, on the disk before the call returns, chained by hash, identifiers
/// sealed. Any number of processes may share the folder.
/// </summary>
internal sealed class ErasureJournal(KeyRing keys, string folder, IClock clock)
{
    private const string FileName = "erasures.journal";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Longer than a line can be, so that the end of the file always holds a whole one.
    private const int TailSize = 8192;

    // Another process appends for the time of one flush; who waits this long faces something broken.
    private static readonly TimeSpan LockedFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);

    private string Path => System.IO.Path.Combine(folder, FileName);

    public async Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        await using var file = await OpenAsync(cancellationToken);
        var isNew = file.Length == 0;
        var last = await SeekEndAsync(file, cancellationToken);
        var key = keys.For(TenantScope.Platform);
        using var text = new MemoryStream();
        foreach (var entry in entries)
        {
            last = JournalLine.After(last, clock.GetCurrentInstant(), entry.Seal(key));
            await JsonSerializer.SerializeAsync(text, last, cancellationToken: cancellationToken);
            text.WriteByte((byte)'\n');
        }

        // In one piece: a half that a crash leaves is the last line at most, and was never answered for.
        await file.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), cancellationToken);
        await file.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        if (isNew)
        {
            DurableFolder.Flush(folder);
        }
    }

    /// <summary>All lines from the first, each proved to follow the one before.</summary>
    /// <exception cref="InvalidDataException">A line was changed, moved or taken out.</exception>
    public async IAsyncEnumerable<JournalLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!File.Exists(Path))
        {
            yield break;
        }

        await using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        JournalLine? last = null;
        var isCut = false;
        while (await reader.ReadLineAsync(cancellationToken) is { } text)
        {
            if (!isCut && Parse(text) is { } line && line.Follows(last))
            {
                yield return last = line;
            }
            else if (isCut)
            {
                throw Broken(last);
            }
            else
            {
                // At the end of the file it is what a crash left of an entry; in the middle somebody was there.
                isCut = true;
            }
        }
    }

    public JournalEntry Open(JournalLine line) => JournalEntry.Open(line.Sealed, keys.For(TenantScope.Platform));

    private static JournalLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Opens the file for this process alone.</summary>
    private async Task<FileStream> OpenAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(
                    Path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.OpenOrCreate,
                        Access = FileAccess.ReadWrite,
                        Share = FileShare.None,
                        UnixCreateMode = OwnerOnly,
                    }
                );
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(started) < LockedFor)
            {
                await Task.Delay(LockPause, cancellationToken);
            }
        }
    }

    /// <summary>Goes behind the last whole line, and answers it; what a crash left of another one is overwritten.</summary>
    private static async Task<JournalLine?> SeekEndAsync(FileStream file, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(file.Length, TailSize);
        var tail = new byte[size];
        file.Seek(-size, SeekOrigin.End);
        await file.ReadExactlyAsync(tail, cancellationToken);
        var end = tail.AsSpan().LastIndexOf((byte)'\n') + 1;
        file.SetLength(file.Length - size + end);
        file.Seek(0, SeekOrigin.End);
        if (end == 0)
        {
            return file.Length == 0 ? null : throw Broken(last: null);
        }

        var start = tail.AsSpan(0, end - 1).LastIndexOf((byte)'\n') + 1;
        return JsonSerializer.Deserialize<JournalLine>(tail.AsSpan(start, end - 1 - start));
    }

    private static InvalidDataException Broken(JournalLine? last) =>
        new($"The journal of erasures is broken after entry {last?.Number ?? 0}: restore it from its copy.");
}
