using System.Globalization;
using Kalisecu.Persistence;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>
/// The superuser's way to the PostgreSQL of this machine. A physical backup reads every file anyway, so whoever takes backups
/// sees everything: nothing is given away that the role of this process was meant not to have.
/// </summary>
internal static class SuperuserConnection
{
    public static string Of(BackupOptions options) =>
        new NpgsqlConnectionStringBuilder(options.Superuser)
        {
            Password = Password(options),
            Pooling = false,
            IncludeErrorDetail = false,
        }.ConnectionString;

    public static async Task<NpgsqlConnection> OpenAsync(string connection, CancellationToken cancellationToken)
    {
        var opened = new NpgsqlConnection(connection);
        try
        {
            await opened.OpenAsync(cancellationToken);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same for PostgreSQL's own client library.</summary>
    public static Dictionary<string, string> Environment(BackupOptions options)
    {
        if (options.Superuser.Length == 0)
        {
            return [];
        }

        var superuser = new NpgsqlConnectionStringBuilder(options.Superuser);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = superuser.Host ?? "",
            ["PGPORT"] = superuser.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = superuser.Username ?? DatabaseRoles.Owner,
        };
        if (Password(options) is { } password)
        {
            environment["PGPASSWORD"] = password;
        }

        if (superuser.RootCertificate is { } authority)
        {
            environment["PGSSLMODE"] = "verify-full";
            environment["PGSSLROOTCERT"] = authority;
        }

        return environment;
    }

    private static string? Password(BackupOptions options) =>
        options.SuperuserPasswordFile.Length > 0 ? File.ReadAllText(options.SuperuserPasswordFile).Trim() : null;
}
