using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Rights;

namespace Kalisecu.Backups;

/// <summary>Brings back what is not in the database.</summary>
internal static class RestoreCopies
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Objects, wrapped keys and the journal to where the settings say.</summary>
    public static void Run(string copies, ProcessSettings settings)
    {
        CopyFolder(Path.Combine(copies, CopyFiles.Objects), settings.Objects.Folder);
        CopyFolder(Path.Combine(copies, CopyFiles.Keys), settings.Keys.Folder);
        CopyFolder(Path.Combine(copies, CopyFiles.Journal), settings.Erasures.JournalFolder);
    }

    /// <summary>Whether the copies say how long the journal of erasures was.</summary>
    public static bool HaveJournalHead(string copies) =>
        File.Exists(Path.Combine(copies, CopyFiles.Keys, JournalHead.FileName));

    /// <summary>Certificates and passwords, opened with the key-encryption key.</summary>
    public static async Task OpenAsync(
        string copies,
        string target,
        string keyEncryptionKeyFile,
        CancellationToken cancellationToken
    )
    {
        using var wrapping = KeyFolder.Wrapping(keyEncryptionKeyFile);
        var source = Path.Combine(copies, CopyFiles.Sealed, Path.GetFileName(target));
        Directory.CreateDirectory(target, OwnerOnly);
        foreach (var file in Files(source))
        {
            var path = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly);
            await using var opened = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
            var content = await File.ReadAllBytesAsync(file, cancellationToken);
            await opened.WriteAsync(CopyFiles.Open(file, content, wrapping), cancellationToken);
        }
    }

    public static void CopyFolder(string source, string target)
    {
        Directory.CreateDirectory(target, OwnerOnly);
        foreach (var file in Files(source))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!, OwnerOnly);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [];
}
