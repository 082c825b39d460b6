using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>The last step of a client's end: its objects and its key.</summary>
internal sealed class ForgetTenant(
    RestrictedRows rows,
    ObjectFolder objects,
    KeyRing keys,
    EvidenceLog evidence,
    IClock clock
)
{
    /// <summary>The end: nothing is left but the evidence. False when something still waits, such as a hold set just now.</summary>
    public Task<bool> RunAsync(
        SweepCertificate certificate,
        IReadOnlyList<KeepingRule> ordered,
        string actor,
        CancellationToken cancellationToken
    ) =>
        rows.InTenantAsync(
            certificate.OfTenantId,
            async db =>
            {
                var tenantId = certificate.OfTenantId;
                // Whoever places a hold locks the tenant too: it comes before this, or finds the tenant forgotten.
                await using var hold = SweepCommands.Of(db, SweepSql.HoldTenant);
                hold.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = tenantId });
                if (await hold.ExecuteScalarAsync(cancellationToken) is null)
                {
                    return false;
                }

                foreach (var rule in ordered)
                {
                    await using var left = SweepCommands.Of(db, SweepSql.LeftOfTenant(rule));
                    left.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = tenantId });
                    if (await left.ExecuteScalarAsync(cancellationToken) is true)
                    {
                        return false;
                    }
                }

                var now = Moment.Stored(clock.GetCurrentInstant());
                // Before the commit: whatever is cut off is done again, and both can be repeated.
                objects.RemoveAll(tenantId);
                keys.Destroy(tenantId);
                await using var forget = SweepCommands.Of(db, SweepSql.ForgetTenant);
                forget.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = tenantId });
                forget.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = now });
                await forget.ExecuteNonQueryAsync(cancellationToken);
                await using var certify = SweepCommands.Of(db, SweepSql.Certify);
                await certificate.MoveAsync(certify, 1, 0, SweepCommands.DigestOf(tenantId), now, cancellationToken);
                await evidence.AppendAsync(
                    db,
                    "tenant.forgotten",
                    tenantId,
                    actor,
                    new Dictionary<string, object?>(StringComparer.Ordinal)
                    {
                        ["sweep"] = certificate.SweepId.ToString("D"),
                        ["key_destroyed"] = true,
                    },
                    cancellationToken
                );
                return true;
            },
            cancellationToken
        );
}
