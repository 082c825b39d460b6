using System.Text.Json;

namespace Kalisecu.Backups;

/// <summary>Manifests as files beside the copies: whoever restores after everything was lost compares with them too.</summary>
internal static class ManifestFile
{
    private const string Folder = "manifests";

    public static async Task WriteAsync(
        BackupOptions options,
        string label,
        BackupManifest manifest,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(Path.Combine(options.CopyFolder, Folder));
        var file = PathOf(options, label);
        await File.WriteAllBytesAsync(file + ".new", JsonSerializer.SerializeToUtf8Bytes(manifest), cancellationToken);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Null when there is none.</summary>
    public static async Task<BackupManifest?> ReadAsync(
        BackupOptions options,
        string label,
        CancellationToken cancellationToken
    ) =>
        File.Exists(PathOf(options, label))
            ? JsonSerializer.Deserialize<BackupManifest>(
                await File.ReadAllBytesAsync(PathOf(options, label), cancellationToken)
            )
            : null;

    public static void Remove(BackupOptions options, string label) => File.Delete(PathOf(options, label));

    private static string PathOf(BackupOptions options, string label) =>
        Path.Combine(options.CopyFolder, Folder, label + ".json");
}
