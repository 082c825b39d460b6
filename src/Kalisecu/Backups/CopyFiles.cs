using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Rights;
using Kalisecu.Time;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Backups;

/// <summary>
/// Copies what is not in the database: objects, wrapped keys, the journal of erasures; and, sealed with the key-encryption
/// key, certificates and passwords. The key-encryption key itself and the passphrase are never copied: they are what an
/// operator keeps elsewhere.
/// </summary>
internal sealed class CopyFiles(ProcessSettings settings, BackupOptions options, IClock clock)
{
    public const string Objects = "objects";
    public const string Keys = "keys";
    public const string Journal = "journal";
    public const string Sealed = "sealed";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Reading every copy takes a trial a while; when this is over, the copies are so late that people are alarmed.
    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(30);

    /// <summary>One at a time at the copies: who writes them, and who compares them with their list.</summary>
    public static Task<FileStream> LockAsync(BackupOptions options, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.CopyFolder, OwnerOnly);
        return LockFile.TakeAsync(Path.Combine(options.CopyFolder, ".lock"), LockedFor, cancellationToken);
    }

    /// <summary>Brings the copies up to date.</summary>
    public async Task<CopiedFiles> RunAsync(CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(options, cancellationToken);
        var list = CopyList.Read(options.CopyFolder);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await CopyAsync(list, seen, Objects, settings.Objects.Folder, IsObject, cancellationToken);
        // With the keys goes the journal's length, before the journal: a copied journal is never shorter than it says.
        await CopyAsync(list, seen, Keys, settings.Keys.Folder, IsKeyOrHead, cancellationToken);
        await CopyAsync(list, seen, Journal, settings.Erasures.JournalFolder, _ => true, cancellationToken);
        foreach (var folder in options.SealedFolders)
        {
            await CopyAsync(list, seen, $"{Sealed}/{Path.GetFileName(folder)}", folder, _ => true, cancellationToken);
        }

        RemoveGone(list, seen);
        await list.WriteAsync(options.CopyFolder, cancellationToken);
        DurableFolder.Flush(options.CopyFolder);
        return list.Sum();
    }

    /// <summary>Opens a sealed copy.</summary>
    public static byte[] Open(string path, byte[] content, DataKey wrapping) =>
        wrapping.Decrypt(content, SealOf(path), Guid.Empty);

    private async Task CopyAsync(
        CopyList list,
        HashSet<string> seen,
        string name,
        string source,
        Func<string, bool> isOne,
        CancellationToken cancellationToken
    )
    {
        if (!Directory.Exists(source))
        {
            // A mount that is away looks like a folder whose files were all deleted: their copies must not go for that.
            if (list.Files.Keys.Any(path => path.StartsWith(name + "/", StringComparison.Ordinal)))
            {
                throw new BackupFailed($"{source} is not there, and had files before: mount or restore it");
            }

            return;
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(isOne))
        {
            var path = $"{name}/{Path.GetRelativePath(source, file)}";
            seen.Add(path);
            var info = new FileInfo(file);
            var isCopied =
                list.Files.TryGetValue(path, out var known)
                && known.Time == info.LastWriteTimeUtc.Ticks
                && File.Exists(Path.Combine(options.CopyFolder, path));
            if (!isCopied)
            {
                try
                {
                    list.Files[path] = await CopyOneAsync(info, path, cancellationToken);
                }
                catch (FileNotFoundException)
                {
                    // It went since the folder was listed, as what is written under another name first does.
                    seen.Remove(path);
                }
            }
            else if (known!.GoneDate is not null)
            {
                list.Files[path] = known with { GoneDate = null };
            }
        }
    }

    private async Task<CopiedFile> CopyOneAsync(FileInfo file, string path, CancellationToken cancellationToken)
    {
        var target = Path.Combine(options.CopyFolder, path);
        var time = file.LastWriteTimeUtc.Ticks;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!, OwnerOnly);
        var pending = target + ".new";
        if (path.StartsWith(Sealed + "/", StringComparison.Ordinal))
        {
            using var wrapping = KeyFolder.Wrapping(settings.Keys.KeyEncryptionKeyFile);
            var content = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
            await File.WriteAllBytesAsync(
                pending,
                wrapping.Encrypt(content, SealOf(path), Guid.Empty),
                cancellationToken
            );
        }
        else
        {
            await using var from = file.OpenRead();
            await using var to = File.Create(pending);
            await from.CopyToAsync(to, cancellationToken);
#pragma warning disable CA1849 // Only this one waits for the disk; its asynchronous brother does not.
            to.Flush(flushToDisk: true);
#pragma warning restore CA1849
        }

        File.Move(pending, target, overwrite: true);
        return new CopiedFile(new FileInfo(target).Length, time, await CopyList.HashAsync(target, cancellationToken));
    }

    // Where the originals are lost, the journal's length tells a shortened journal from a whole one, and a key opens the
    // backups; only a key that was destroyed on purpose leaves its mark.
    private static bool IsNeededForRestores(string path, HashSet<string> seen) =>
        path is $"{Keys}/{JournalHead.FileName}"
        || path.StartsWith(Journal + "/", StringComparison.Ordinal)
        || (
            path.StartsWith(Keys + "/", StringComparison.Ordinal)
            && !seen.Contains(Path.ChangeExtension(path, ".destroyed"))
        );

    /// <summary>
    /// An object whose original is gone stays for as long as a backup that names it; a key goes at once, because its end is
    /// what ends the data in every backup.
    /// </summary>
    private void RemoveGone(CopyList list, HashSet<string> seen)
    {
        var today = Paris.DateOf(clock.GetCurrentInstant());
        foreach (var (path, file) in list.Files.Where(f => !seen.Contains(f.Key)).ToList())
        {
            if (IsNeededForRestores(path, seen))
            {
                continue;
            }

            var isObject = path.StartsWith(Objects + "/", StringComparison.Ordinal);
            var gone = file.Gone ?? today;
            if (isObject && gone.PlusDays(BackupSchedule.GoneAfterDays) > today)
            {
                list.Files[path] = file with { GoneDate = LocalDatePattern.Iso.Format(gone) };
                continue;
            }

            File.Delete(Path.Combine(options.CopyFolder, path));
            list.Files.Remove(path);
        }
    }

    private static bool IsObject(string file) => !Path.GetFileName(file).StartsWith('.');

    private bool IsKeyOrHead(string file) =>
        (Path.GetExtension(file) is ".key" or ".destroyed" || Path.GetFileName(file) is JournalHead.FileName)
        && !Path.GetFileName(file).StartsWith('.')
        && !IsSame(file, settings.Keys.KeyEncryptionKeyFile)
        && !IsSame(file, options.PassphraseFile);

    private static bool IsSame(string file, string other) =>
        string.Equals(Path.GetFullPath(file), Path.GetFullPath(other), StringComparison.Ordinal);

    private static string SealOf(string path) => "copy:" + Path.GetFileName(path);
}
