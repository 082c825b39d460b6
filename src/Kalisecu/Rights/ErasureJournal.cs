using System.Runtime.CompilerServices;
using System.Text.Json;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>
/// Which persons were erased, outside of the database and its backups: a restored database learns from it whom to erase
/// again. One JSON line an entry, only ever appended, on the disk before the call returns, chained under a key, identifiers
/// sealed; its length stands apart (<see cref="JournalHead"/>). Any number of processes may share the folder.
/// </summary>
internal sealed class ErasureJournal(KeyRing keys, ErasureJournalFolder place, IClock clock)
{
    private const string FileName = "erasures.journal";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Longer than a line can be, so that the end of the file always holds a whole one.
    private const int TailSize = 8192;

    // Another process appends for the time of one flush; who waits this long faces something broken.
    private static readonly TimeSpan LockedFor = TimeSpan.FromSeconds(30);

    private string Path => System.IO.Path.Combine(place.Path, FileName);

    public async Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        Directory.CreateDirectory(place.Path, OwnerOnly | UnixFileMode.UserExecute);
        await using var held = await LockAsync(cancellationToken);
        await using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var isNew = file.Length == 0;
        var last = await SeekEndAsync(file, cancellationToken);
        DemandWhole(last);
        if (isNew && !File.Exists(place.HeadFile))
        {
            // Before the first line: a crash in between must not leave a journal of unknown length.
            JournalHead.Write(place.HeadFile, last: null, keys);
        }

        var key = keys.For(TenantScope.Platform);
        using var text = new MemoryStream();
        foreach (var entry in entries)
        {
            last = JournalLine.After(last, clock.GetCurrentInstant(), entry.Seal(key), keys);
            await JsonSerializer.SerializeAsync(text, last, cancellationToken: cancellationToken);
            text.WriteByte((byte)'\n');
        }

        // In one piece: a half that a crash leaves is the last line at most, and was never answered for.
        await file.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), cancellationToken);
        await file.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        if (isNew)
        {
            DurableFolder.Flush(place.Path);
        }

        JournalHead.Write(place.HeadFile, last, keys);
    }

    /// <summary>Writes down that there is no entry yet, so that a journal which is lost later does not look like one that never was.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(place.HeadFile))
        {
            return;
        }

        await using var held = await LockAsync(cancellationToken);
        if (!File.Exists(place.HeadFile) && !File.Exists(Path))
        {
            JournalHead.Write(place.HeadFile, last: null, keys);
        }
    }

    /// <summary>
    /// Takes the journal to be whole as it is, where nothing says how long it was: somebody has decided that. Its chain must hold.
    /// </summary>
    /// <param name="record">Keeps the decision with the number of entries, before it takes effect.</param>
    /// <returns>Whether there was something to decide: a length that is known is never replaced.</returns>
    public async Task<bool> AcceptAsync(Func<long, Task> record, CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(cancellationToken);
        if (File.Exists(place.HeadFile))
        {
            return false;
        }

        JournalLine? last = null;
        await foreach (var line in ReadToAsync((await MeasureAsync(cancellationToken)).End, cancellationToken))
        {
            last = line;
        }

        await record(last?.Number ?? 0);
        JournalHead.Write(place.HeadFile, last, keys);
        return true;
    }

    /// <summary>All lines from the first, each proved to follow the one before.</summary>
    /// <exception cref="InvalidDataException">A line was changed, moved or taken out.</exception>
    public async IAsyncEnumerable<JournalLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What is appended while we read comes after this end, and nothing before it ever changes.
        await foreach (var line in ReadToAsync(await EndAsync(cancellationToken), cancellationToken))
        {
            yield return line;
        }
    }

    private async IAsyncEnumerable<JournalLine> ReadToAsync(
        long end,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (end == 0)
        {
            yield break;
        }

        await using var file = Open(FileMode.Open, FileAccess.Read);
        using var reader = new StreamReader(file);
        JournalLine? last = null;
        for (var read = 0L; read < end; )
        {
            var text = await reader.ReadLineAsync(cancellationToken) ?? throw Broken(last);
            read += text.Length + 1;
            yield return last = Parse(text) is { } line && line.Follows(last, keys) ? line : throw Broken(last);
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

    /// <summary>Where the last whole line ends, once the journal is known to be as long as it was.</summary>
    private async Task<long> EndAsync(CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(cancellationToken);
        var (end, last) = await MeasureAsync(cancellationToken);
        DemandWhole(last);
        return end;
    }

    private async Task<(long End, JournalLine? Last)> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path))
        {
            return (0, null);
        }

        await using var file = Open(FileMode.Open, FileAccess.Read);
        return await FindEndAsync(file, cancellationToken);
    }

    private void DemandWhole(JournalLine? last)
    {
        if (JournalHead.Read(place.HeadFile, keys) is not { } number)
        {
            if (last is not null)
            {
                throw new InvalidDataException(
                    $"Nothing says how long the journal of erasures was: {JournalHead.FileName} is missing beside the keys. Bring it "
                        + "with them from the copies; where it is lost, run 'kalisecu privacy-requests replay-erasures "
                        + "--accept-journal-without-head', knowing that erasures at its end may be missing."
                );
            }

            return;
        }

        if (number > (last?.Number ?? 0))
        {
            throw new InvalidDataException(
                $"The journal of erasures has lost its end: it had {number} entries and has {last?.Number ?? 0}."
            );
        }
    }

    // Shared: the lock is a file of its own, so that nobody who only reads the journal keeps others from appending.
    private FileStream Open(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = FileShare.ReadWrite,
        };
        if (mode is FileMode.OpenOrCreate)
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(Path, options);
    }

    /// <summary>Waits until no other process appends or measures.</summary>
    private Task<FileStream> LockAsync(CancellationToken cancellationToken) =>
        LockFile.TakeAsync(place.HeadFile + ".lock", LockedFor, cancellationToken);

    /// <summary>Goes behind the last whole line, and answers it; what a crash left of another one is overwritten.</summary>
    private static async Task<JournalLine?> SeekEndAsync(FileStream file, CancellationToken cancellationToken)
    {
        var (end, last) = await FindEndAsync(file, cancellationToken);
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        return last;
    }

    private static async Task<(long End, JournalLine? Last)> FindEndAsync(
        FileStream file,
        CancellationToken cancellationToken
    )
    {
        var size = (int)Math.Min(file.Length, TailSize);
        var tail = new byte[size];
        file.Seek(-size, SeekOrigin.End);
        await file.ReadExactlyAsync(tail, cancellationToken);
        var end = tail.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (end == 0)
        {
            return file.Length == size ? (0, null) : throw Broken(last: null);
        }

        var start = tail.AsSpan(0, end - 1).LastIndexOf((byte)'\n') + 1;
        var line = Parse(System.Text.Encoding.UTF8.GetString(tail, start, end - 1 - start)) ?? throw Broken(last: null);
        return (file.Length - size + end, line);
    }

    private static InvalidDataException Broken(JournalLine? last) =>
        new($"The journal of erasures is broken after entry {last?.Number ?? 0}: restore it from its copy.");
}
