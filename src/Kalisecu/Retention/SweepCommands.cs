using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>Statements of sweeps inside a transaction of the mapper.</summary>
internal static class SweepCommands
{
    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    public static NpgsqlCommand Of(KalisecuDb db, string sql) =>
        new(
            sql,
            (NpgsqlConnection)db.Database.GetDbConnection(),
            (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction()
        );

    /// <summary>The digest of a batch of one.</summary>
    public static byte[] DigestOf(Guid id) => SHA256.HashData(id.ToByteArray(bigEndian: true));
}
