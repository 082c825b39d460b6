using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Kalisecu.Scans;

internal static class RawCommands
{
    /// <summary>A raw statement in the mapper's transaction.</summary>
    public static NpgsqlCommand RawCommand(this KalisecuDb db, string sql) =>
        new(
            sql,
            (NpgsqlConnection)db.Database.GetDbConnection(),
            (NpgsqlTransaction)
                (
                    db.Database.CurrentTransaction
                    ?? throw new InvalidOperationException("No tenant transaction is open.")
                ).GetDbTransaction()
        );

    /// <summary>The tenant whose transaction this is.</summary>
    public static Guid TenantId(this KalisecuDb db) =>
        db.Scope?.TenantId ?? throw new InvalidOperationException("This transaction has no tenant.");
}
