using System.Reflection;
using EvolveDb;
using Npgsql;

namespace Kalisecu.Persistence;

/// <summary>
/// Brings a database to the schema of this build. Scripts run once, in order, each in its own transaction, under a lock that
/// lets any number of processes try at once; a script that was changed after it ran is refused.
/// </summary>
internal static class Migrator
{
    /// <summary>Migrates as the owner role; answers how many scripts ran.</summary>
    public static async Task<int> MigrateAsync(
        string ownerConnectionString,
        Action<string>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        await using var connection = new NpgsqlConnection(ownerConnectionString);
        await connection.OpenAsync(cancellationToken);
        var evolve = new Evolve(connection, progress ?? (_ => { }))
        {
            EmbeddedResourceAssemblies = [Assembly.GetExecutingAssembly()],
            EmbeddedResourceFilters = ["Kalisecu.Persistence.Migrations"],
            MetadataTableName = "schema_changes",
            // Nothing may ever drop the schema of a running system from here.
            IsEraseDisabled = true,
            CommandTimeout = 600,
        };
        evolve.Migrate();
        return evolve.NbMigration;
    }
}
