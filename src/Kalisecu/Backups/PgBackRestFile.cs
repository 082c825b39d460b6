using System.Globalization;
using System.Text;
using Kalisecu.Certificates;

namespace Kalisecu.Backups;

/// <summary>pgBackRest's configuration, all of it ours. It holds the passphrase, so only PostgreSQL's user may read it.</summary>
internal static class PgBackRestFile
{
    public const string Stanza = "kalisecu";

    /// <summary>What PostgreSQL runs for each finished piece of its log.</summary>
    public static string ArchiveCommand(string configurationFile) =>
        $"pgbackrest --config=\"{configurationFile}\" --stanza={Stanza} archive-push %p";

    /// <summary>Writes it, when it is not what it should be.</summary>
    public static async Task WriteAsync(BackupOptions options, CancellationToken cancellationToken)
    {
        foreach (var folder in Folders(options))
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder, OwnerOnly);
                await PostgresUser.OwnAsync(options, folder, cancellationToken);
            }
        }

        var text = Text(options);
        if (
            File.Exists(options.ConfigurationFile)
            && string.Equals(
                await File.ReadAllTextAsync(options.ConfigurationFile, cancellationToken),
                text,
                StringComparison.Ordinal
            )
        )
        {
            return;
        }

        var pending = options.ConfigurationFile + ".new";
        File.Delete(pending);
        PemFiles.WriteSecret(pending, text);
        await PostgresUser.OwnAsync(options, pending, cancellationToken);
        File.Move(pending, options.ConfigurationFile, overwrite: true);
    }

    public static string Text(BackupOptions options)
    {
        var text = new StringBuilder("# Written by kalisecu; changes here are lost.\n[global]\n");
        void Set(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name}={value}\n");

        Set("repo1-path", options.Repository.Folder);
        if (options.Repository.IsS3)
        {
            SetS3(options.Repository, Set);
        }

        Set("repo1-cipher-type", "aes-256-cbc");
        Set("repo1-cipher-pass", Secret(options.PassphraseFile));
        Set("repo1-bundle", "y");
        Set("repo1-retention-full-type", "time");
        Set("repo1-retention-full", BackupSchedule.KeepDays.ToString(CultureInfo.InvariantCulture));
        Set("compress-type", "zst");
        Set("start-fast", "y");
        Set("lock-path", Path.Combine(options.WorkFolder, "lock"));
        Set("spool-path", Path.Combine(options.WorkFolder, "spool"));
        Set("log-level-file", "off");
        Set("log-level-console", "warn");
        Set("log-level-stderr", "off");
        text.Append(CultureInfo.InvariantCulture, $"\n[{Stanza}]\n");
        Set("pg1-path", options.ClusterFolder);
        return text.ToString();
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static IEnumerable<string> Folders(BackupOptions options)
    {
        yield return options.WorkFolder;
        yield return Path.Combine(options.WorkFolder, "lock");
        yield return Path.Combine(options.WorkFolder, "spool");
        if (!options.Repository.IsS3)
        {
            yield return options.Repository.Folder;
        }
    }

    private static void SetS3(BackupOptions.RepositorySettings repository, Action<string, string> set)
    {
        set("repo1-type", "s3");
        set("repo1-s3-bucket", repository.S3Bucket);
        set("repo1-s3-endpoint", repository.S3Endpoint);
        set("repo1-s3-region", repository.S3Region);
        set("repo1-s3-uri-style", "path");
        set("repo1-s3-key", Secret(repository.S3KeyFile));
        set("repo1-s3-key-secret", Secret(repository.S3SecretFile));
        if (repository.S3AuthorityFile.Length > 0)
        {
            set("repo1-storage-ca-file", repository.S3AuthorityFile);
        }
    }

    private static string Secret(string file)
    {
        var secret = File.ReadAllText(file).Trim();
        return secret.Length > 0 && !secret.Contains('\n', StringComparison.Ordinal)
            ? secret
            : throw new InvalidDataException($"The file {file} must hold one line.");
    }
}
