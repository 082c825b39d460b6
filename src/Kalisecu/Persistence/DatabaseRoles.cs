using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Kalisecu.Persistence;

/// <summary>
/// The roles of the database: one that owns the schema and one for each kind of process. Made once by a superuser; what
/// each may touch is granted by the migrations.
/// </summary>
internal static class DatabaseRoles
{
    public const string Owner = "kalisecu_owner";
    public const string Server = "kalisecu_server";
    public const string Retention = "kalisecu_retention";
    public const string Backup = "kalisecu_backup";
    public const string Breach = "kalisecu_breach";
    public const string Delivery = "kalisecu_delivery";

    public const string Database = "kalisecu";

    public static IReadOnlyList<string> Processes { get; } = [Server, Retention, Backup, Breach, Delivery];

    public static IReadOnlyList<string> All { get; } = [Owner, .. Processes];

    /// <summary>Makes the roles that are missing, and sets for all of them what a role of ours may never be.</summary>
    /// <param name="superuser">An open connection of a superuser.</param>
    /// <param name="passwords">A password for each role of <see cref="All"/>.</param>
    public static async Task CreateAsync(
        NpgsqlConnection superuser,
        IReadOnlyDictionary<string, string> passwords,
        CancellationToken cancellationToken
    )
    {
        foreach (var role in All)
        {
            var exists = await ExistsAsync(superuser, DatabaseRolesSql.RoleExists, role, cancellationToken);
            var verb = exists ? "alter" : "create";
            var verifier = ScramVerifier.Of(passwords[role]);
            await RunAsync(
                superuser,
                $"{verb} role {role} {DatabaseRolesSql.Limits} password '{verifier}'",
                cancellationToken
            );
        }
    }

    /// <summary>Makes the database when it is missing, and lets our roles alone in.</summary>
    /// <param name="superuser">An open connection of a superuser.</param>
    /// <param name="database">The name: small letters, digits and underscores.</param>
    /// <param name="template">The database to copy; <c>template0</c> for an empty one.</param>
    public static async Task CreateDatabaseAsync(
        NpgsqlConnection superuser,
        string database,
        string template,
        CancellationToken cancellationToken
    )
    {
        if (!await ExistsAsync(superuser, DatabaseRolesSql.DatabaseExists, database, cancellationToken))
        {
            // file_copy of a template is faster than wal_log only for large ones; a small one is what tests copy.
            await RunAsync(
                superuser,
                $"create database {database} owner {Owner} template {template}",
                cancellationToken
            );
        }

        await RunAsync(superuser, $"revoke all on database {database} from public", cancellationToken);
        await RunAsync(
            superuser,
            $"grant connect, temporary on database {database} to {string.Join(", ", Processes)}",
            cancellationToken
        );
    }

    [SuppressMessage("Security", "CA2100", Justification = "Only constants of DatabaseRolesSql are passed")]
    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection,
        string sql,
        string name,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [SuppressMessage(
        "Security",
        "CA2100",
        Justification = "DDL takes no parameters: what is put in are our own constants and a verifier without quotes"
    )]
    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
