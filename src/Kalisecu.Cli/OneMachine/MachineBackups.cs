using System.Text.Json;
using System.Text.Json.Nodes;
using Kalisecu.Backups;
using Kalisecu.Certificates;
using Kalisecu.Persistence;

namespace Kalisecu.Cli.OneMachine;

/// <summary>
/// Backups of one machine: a repository beside its PostgreSQL, copies in the data folder. An operator names other disks in
/// backup-verification-worker.json.
/// </summary>
internal static class MachineBackups
{
    private const string Program = "/usr/bin/pgbackrest";

    /// <summary>Makes the passphrase once: it is never replaced, and nobody can read the backups without it.</summary>
    public static void Ensure(DataFolder data)
    {
        if (!File.Exists(Program))
        {
            throw new StepFailed(
                $"{Program} is missing",
                "install it: apt-get install pgbackrest (./kalisecu up does it by itself)"
            );
        }

        if (!File.Exists(data.BackupPassphrase))
        {
            PemFiles.WriteSecret(data.BackupPassphrase, Passwords.Make() + "\n");
        }
    }

    public static BackupOptions Options(DataFolder data, PostgresFiles files, int port)
    {
        var superuser = PostgresServer.Address(files, port);
        superuser.Username = PostgresBinaries.User;
        superuser.Database = DatabaseRoles.Database;
        return new BackupOptions
        {
            User = PostgresBinaries.User,
            ClusterFolder = files.Cluster,
            Superuser = superuser.ConnectionString,
            SuperuserPasswordFile = files.PasswordFile,
            WorkFolder = Path.Combine(files.Folder, "backups"),
            PassphraseFile = data.BackupPassphrase,
            Repository = { Folder = Path.Combine(files.Folder, "repository") },
            CopyFolder = data.Copies,
            SealedFolders = [data.Pki, data.Secrets],
        };
    }

    /// <summary>What the worker reads: where the repository and the copies are stays as an operator said.</summary>
    public static JsonObject Settings(DataFolder data, PostgresFiles files, int port, JsonObject? earlier)
    {
        var options = JsonSerializer.SerializeToNode(Options(data, files, port))!.AsObject();
        foreach (var name in (string[])[nameof(BackupOptions.Repository), nameof(BackupOptions.CopyFolder)])
        {
            if (earlier?[name] is { } chosen)
            {
                options[name] = chosen.DeepClone();
            }
        }

        return options;
    }
}
