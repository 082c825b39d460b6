using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Evidence;

/// <summary>Writes what matters into the tenant's chain, in the transaction of its cause.</summary>
internal sealed class EvidenceLog(IClock clock)
{
    /// <summary>
    /// Appends one entry. Call it last in the transaction: it holds the tenant's chain until the commit.
    /// <paramref name="facts"/> holds counts and digests, never contents.
    /// </summary>
    public async Task AppendAsync(
        KalisecuDb db,
        string kind,
        Guid subjectId,
        string actor,
        IReadOnlyDictionary<string, object?> facts,
        CancellationToken cancellationToken
    )
    {
        var tenant = db.Owner;
        var head = await LockHeadAsync(db, tenant, cancellationToken);
        var entry = EvidenceEntry.After(head, clock.GetCurrentInstant(), kind, subjectId, actor, Canonical(facts));
        head.MoveTo(entry);
        db.Add(entry);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<EvidenceHead> LockHeadAsync(
        KalisecuDb db,
        Guid tenant,
        CancellationToken cancellationToken
    )
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into evidence_heads (tenant_id, sequence, hash)
            values ({tenant}, 0, {new byte[32]}) on conflict (tenant_id) do nothing
            """,
            cancellationToken
        );
        return await db.Set<EvidenceHead>()
            .FromSql($"select tenant_id, sequence, hash from evidence_heads where tenant_id = {tenant} for update")
            .SingleAsync(cancellationToken);
    }

    // jsonb prints + & < > ' as they are; the serializer would write them as escapes, for HTML that this never meets.
    private static readonly JsonSerializerOptions AsJsonb = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // jsonb sorts keys by length, then bytes, and prints ": " and ", ": facts are written that way from the start, so that
    // the hash of what is read back is the hash of what was written. Values are numbers, truth values and short texts.
    internal static string Canonical(IReadOnlyDictionary<string, object?> facts)
    {
        var parts = facts
            .OrderBy(f => f.Key.Length)
            .ThenBy(f => f.Key, StringComparer.Ordinal)
            .Select(f =>
                $"{JsonSerializer.Serialize(f.Key, AsJsonb)}: {JsonValue.Create(f.Value)?.ToJsonString(AsJsonb) ?? "null"}"
            );
        return "{" + string.Join(", ", parts) + "}";
    }
}
