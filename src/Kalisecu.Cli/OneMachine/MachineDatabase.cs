using Kalisecu.Certificates;
using Kalisecu.Persistence;
using Npgsql;

namespace Kalisecu.Cli.OneMachine;

/// <summary>The database of one machine: where it lies, its roles with their passwords, and how they connect.</summary>
internal static class MachineDatabase
{
    private const string OutsideFolder = "/var/lib/kalisecu";

    /// <summary>The folder for PostgreSQL: in the data folder, or linked from there when its user cannot reach it.</summary>
    public static async Task<PostgresFiles> PlaceAsync(DataFolder data, CancellationToken cancellationToken)
    {
        if (data.PostgresTarget() is { } present)
        {
            return new PostgresFiles(present);
        }

        if (await PostgresCluster.CanReachAsync(data.Folder, cancellationToken))
        {
            return new PostgresFiles(data.Postgres);
        }

        // A clone below /root, for example. A new name each time: a deleted data folder never meets an old cluster.
        var outside = Path.Combine(OutsideFolder, Passwords.Make()[..12]);
        Directory.CreateDirectory(outside);
        File.CreateSymbolicLink(data.Postgres, outside);
        return new PostgresFiles(outside);
    }

    /// <summary>Makes roles and database, or sets the roles' passwords to those of the data folder.</summary>
    public static async Task EnsureRolesAsync(
        DataFolder data,
        PostgresServer server,
        CancellationToken cancellationToken
    )
    {
        var passwords = DatabaseRoles.All.ToDictionary(
            role => role,
            role => ReadOrMakePassword(data, role),
            StringComparer.Ordinal
        );
        var connection = new NpgsqlConnectionStringBuilder(server.SuperuserConnection()) { Pooling = false };
        await using var superuser = new NpgsqlConnection(connection.ConnectionString);
        await superuser.OpenAsync(cancellationToken);
        await DatabaseRoles.CreateAsync(superuser, passwords, cancellationToken);
        await DatabaseRoles.CreateDatabaseAsync(superuser, DatabaseRoles.Database, "template0", cancellationToken);
    }

    /// <summary>Where a role connects; its password stays in its file.</summary>
    public static string Address(PostgresFiles files, int port, string role)
    {
        var address = PostgresServer.Address(files, port);
        address.Database = DatabaseRoles.Database;
        address.Username = role;
        return address.ConnectionString;
    }

    /// <summary>How the owner's role connects, for migrations of this machine's database.</summary>
    public static string OwnerConnection(DataFolder data, PostgresFiles files, int port)
    {
        var connection = new NpgsqlConnectionStringBuilder(Address(files, port, DatabaseRoles.Owner))
        {
            Password = File.ReadAllText(data.PasswordFile(DatabaseRoles.Owner)),
            Pooling = false,
        };
        return connection.ConnectionString;
    }

    private static string ReadOrMakePassword(DataFolder data, string role)
    {
        var file = data.PasswordFile(role);
        if (!File.Exists(file))
        {
            PemFiles.WriteSecret(file, Passwords.Make());
        }

        return File.ReadAllText(file);
    }
}
