using System.Globalization;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Where a private PostgreSQL keeps what is its own; all of it belongs to the user it runs as.</summary>
/// <param name="Folder">An absolute path.</param>
internal sealed record PostgresFiles(string Folder)
{
    // sockaddr_un.sun_path holds 108 bytes with the closing zero (unix(7)).
    private const int LongestSocketPath = 107;

    public string Cluster => Path.Combine(Folder, "cluster");

    public string SocketFolder => Path.Combine(Folder, "run");

    public string LogFolder => Path.Combine(Folder, "log");

    public string PidFile => Path.Combine(Cluster, "postmaster.pid");

    public string PasswordFile => Path.Combine(Folder, "superuser.password");

    public string AuthorityFile => Path.Combine(Folder, "authority.crt");

    /// <summary>False where the folder's path is too long for a socket; TLS over loopback serves then.</summary>
    public bool HasSocket(int port) =>
        System.Text.Encoding.UTF8.GetByteCount(
            Path.Combine(SocketFolder, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{port}"))
        ) <= LongestSocketPath;

    public string? NewestLog() =>
        Directory.Exists(LogFolder)
            ? new DirectoryInfo(LogFolder).GetFiles("*.log").MaxBy(file => file.LastWriteTimeUtc)?.FullName
            : null;
}
