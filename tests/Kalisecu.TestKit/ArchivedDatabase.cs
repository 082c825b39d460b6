using Kalisecu.Backups;
using Kalisecu.Certificates;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using NodaTime;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>
/// A migrated database on a PostgreSQL of its own that archives its log into pgBackRest's repository, and how workers reach
/// both; all of it in one folder.
/// </summary>
internal sealed class ArchivedDatabase : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly TestAuthorities _authorities = new();
    private readonly PostgresFiles _files;
    private readonly int _port = Ports.Free();
    private readonly Dictionary<string, string> _passwords = DatabaseRoles.All.ToDictionary(
        r => r,
        _ => Passwords.Make(),
        StringComparer.Ordinal
    );

    private PostgresServer? _server;

    private ArchivedDatabase(TestFolder folder) =>
        (_folder, _files, Options) = (folder, new PostgresFiles(folder["pg"]), new BackupOptions());

    /// <summary>How backups of it are taken.</summary>
    public BackupOptions Options { get; private set; }

    /// <summary>Starts one in a folder, with its repository beside it.</summary>
    /// <param name="durable">Whether it waits for its disk as in production.</param>
    public static async Task<ArchivedDatabase> StartAsync(
        TestFolder folder,
        bool durable,
        CancellationToken cancellationToken
    )
    {
        KeyFolder.CreateKeyEncryptionKey(folder["kek.key"]);
        PemFiles.WriteSecret(folder["backup.passphrase"], "a passphrase of this test\n");
        var database = new ArchivedDatabase(folder);
        database.Options = database.SettingsOf(Worker.BackupVerification).Backups;
        try
        {
            await database.StartAsync(durable, cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>How one of <c>DatabaseRoles</c> connects.</summary>
    public string Connection(string role) => _server!.Connection(role, _passwords[role], DatabaseRoles.Database);

    /// <summary>What a worker of this platform reads.</summary>
    public WorkerSettings SettingsOf(Worker worker)
    {
        var address = Address(worker.Role);
        var password = _folder[worker.Role + ".password"];
        File.WriteAllText(password, _passwords[worker.Role]);
        return new WorkerSettings
        {
            Database = address,
            DatabasePasswordFile = password,
            Keys = { Folder = _folder["keys"], KeyEncryptionKeyFile = _folder["kek.key"] },
            Objects = { Folder = _folder["objects"] },
            Erasures = { JournalFolder = _folder["journal"] },
            Backups = new BackupOptions
            {
                ClusterFolder = _files.Cluster,
                Superuser = Address(PostgresBinaries.User),
                SuperuserPasswordFile = _files.PasswordFile,
                WorkFolder = _folder["work"],
                PassphraseFile = _folder["backup.passphrase"],
                Repository = { Folder = _folder["repository"] },
                CopyFolder = _folder["copies"],
                SealedFolders = [_folder["pki"]],
            },
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _authorities.Dispose();
    }

    private string Address(string role)
    {
        var address = PostgresServer.Address(_files, _port);
        address.Database = DatabaseRoles.Database;
        address.Username = role;
        return address.ConnectionString;
    }

    private async Task StartAsync(bool durable, CancellationToken cancellationToken)
    {
        _server = await PostgresServer.StartAsync(
            new PostgresSettings(_files, _port)
            {
                Durable = durable,
                ArchiveCommand = PgBackRestFile.ArchiveCommand(Options.ConfigurationFile),
            },
            _authorities.Services,
            SystemClock.Instance,
            cancellationToken
        );
        await using (var superuser = new NpgsqlConnection(_server.SuperuserConnection() + ";Pooling=false"))
        {
            await superuser.OpenAsync(cancellationToken);
            await DatabaseRoles.CreateAsync(superuser, _passwords, cancellationToken);
            await DatabaseRoles.CreateDatabaseAsync(superuser, DatabaseRoles.Database, "template0", cancellationToken);
        }

        await Migrator.MigrateAsync(
            Connection(DatabaseRoles.Owner) + ";Pooling=false",
            cancellationToken: cancellationToken
        );
    }
}
