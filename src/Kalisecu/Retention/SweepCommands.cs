using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
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

    /// <summary>The digest of a batch: its identifiers in the order of their bytes.</summary>
    public static byte[] DigestOf(Guid[] ids)
    {
        // Identifiers compare like their bytes, the first of which is the heaviest.
        Array.Sort(ids);
        const int size = 16;
        var bytes = new byte[ids.Length * size];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i].TryWriteBytes(bytes.AsSpan(i * size), bigEndian: true, out _);
        }

        return SHA256.HashData(bytes);
    }

    /// <summary>The digest of a batch of rows without identifier: their keys, sorted, one a line.</summary>
    public static byte[] DigestOf(string[] keys)
    {
        Array.Sort(keys, StringComparer.Ordinal);
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', keys)));
    }
}
