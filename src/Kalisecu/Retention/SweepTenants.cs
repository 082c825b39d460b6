using System.Diagnostics.CodeAnalysis;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>
/// Ends clients whose contract ended long enough ago: their rows, their objects, and at last their key, which makes what
/// backups still hold of them unreadable.
/// </summary>
internal sealed class SweepTenants(
    RestrictedRows rows,
    KeepingRules rules,
    SweepRows sweep,
    SweepSchema schema,
    ObjectFolder objects,
    KeyRing keys,
    EvidenceLog evidence,
    IClock clock
)
{
    private const int BatchSize = 100;

    /// <returns>How many rows went, and how many clients ended.</returns>
    public async Task<(long Rows, int Tenants)> RunAsync(
        Guid sweepId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var rule = rules.Of(KeepingAction.ForgetTenant).Single();
        var before = rule.Period.EndedBefore(clock.GetCurrentInstant());
        var ordered = await schema.InOrderAsync(rules.Of(KeepingAction.DeleteWithTenant), cancellationToken);
        var (deleted, ended) = (0L, 0);
        foreach (var tenantId in await FindAsync(rule, before, cancellationToken))
        {
            foreach (var each in ordered)
            {
                deleted += await sweep.RunOfTenantAsync(sweepId, each, tenantId, cancellationToken);
            }

            var certificate = new SweepCertificate(sweepId, rule, tenantId, before);
            ended += await ForgetAsync(certificate, ordered, actor, cancellationToken) ? 1 : 0;
        }

        return (deleted, ended);
    }

    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    private async Task<List<Guid>> FindAsync(KeepingRule rule, Instant before, CancellationToken cancellationToken)
    {
        await using var all = await rows.OpenInAllTenantsAsync(cancellationToken);
        await using var command = all.Command(SweepSql.Tenants(rule));
        command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        var found = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }

    /// <summary>The end: nothing is left but the evidence. False when something still waits, such as a hold set just now.</summary>
    private Task<bool> ForgetAsync(
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
