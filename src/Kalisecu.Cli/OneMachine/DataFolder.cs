using Kalisecu.Jobs;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Where the platform of one machine keeps everything.</summary>
/// <param name="Folder">An absolute path.</param>
internal sealed record DataFolder(string Folder)
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // PostgreSQL runs as another user and passes through to its own folder; nothing else can be listed.
    private const UnixFileMode ToPassThrough = ForOwner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What commands use when nobody says otherwise.</summary>
    public static string Default { get; } =
        Path.GetFullPath(Environment.GetEnvironmentVariable("KALISECU_DATA") ?? ".kalisecu");

    public string Settings => this["settings.json"];

    public string Pki => this["pki"];

    public string Keys => this["keys"];

    public string KeyEncryptionKey => Path.Combine(Keys, "kek.key");

    /// <summary>The passphrase of the backups.</summary>
    public string BackupPassphrase => Path.Combine(Keys, "backup.passphrase");

    /// <summary>Copies of what is not in the database.</summary>
    public string Copies => this["copies"];

    public string Objects => this["objects"];

    /// <summary>The journal of erasures: a restored database learns from it whom to erase again.</summary>
    public string Journal => this["journal"];

    public string Agent => this["agent"];

    /// <summary>Letters that this machine would have sent.</summary>
    public string Mail => this["mail"];

    public string Run => this["run"];

    public string Logs => this["logs"];

    public string Secrets => this["secrets"];

    public string Session => Path.Combine(Secrets, "session");

    /// <summary>The tenant that commands act for unless told otherwise.</summary>
    public string Tenant => Path.Combine(Secrets, "tenant");

    public string Postgres => this["postgres"];

    public string this[string name] => Path.Combine(Folder, name);

    public string Certificate(string name) => Path.Combine(Pki, name + ".crt");

    public string Key(string name) => Path.Combine(Pki, name + ".key");

    public string WorkerSettings(Worker worker) => this[$"{worker.Name}-worker.json"];

    public string Log(string process) => Path.Combine(Logs, process + ".log");

    public string PasswordFile(string role) => Path.Combine(Secrets, role + ".password");

    public ConnectionTarget Target(int port) =>
        new(new Uri($"https://localhost:{port}"), Certificate("operator"), Key("operator"), Certificate("services-ca"))
        {
            SessionFile = Session,
        };

    /// <summary>Makes the folders; refuses a folder that holds something else.</summary>
    public void Prepare()
    {
        if (Directory.Exists(Folder) && !Directory.Exists(Run) && Directory.EnumerateFileSystemEntries(Folder).Any())
        {
            throw new StepFailed(
                $"{Folder} holds files that are not Kalisecu's",
                "choose an empty or a new folder with --data"
            );
        }

        Directory.CreateDirectory(Folder, ToPassThrough);
        Directory.CreateDirectory(Run, ForOwner);
        foreach (var folder in (string[])[Pki, Keys, Objects, Journal, Agent, Mail, Logs, Secrets])
        {
            Directory.CreateDirectory(folder, ForOwner);
        }
    }

    /// <summary>Where PostgreSQL's files really are: it cannot live below a folder that its user may not enter.</summary>
    public string? PostgresTarget() =>
        new DirectoryInfo(Postgres).LinkTarget ?? (Directory.Exists(Postgres) ? Postgres : null);
}
