using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Scans;

/// <summary>A scan that the asking agent holds, and what it may touch now.</summary>
internal sealed record LeasedScan(
    Guid ScanId,
    Guid LeaseId,
    Guid SiteId,
    string Tool,
    ScanState State,
    Instant LeaseExpireTime,
    IReadOnlyList<string> Origins
);

/// <summary>What others ask about leases: the push before each step, the reveal of a credential.</summary>
internal static class ScanLeases
{
    /// <summary>The scan, or the refusal that says why the agent may not work on it now.</summary>
    public static async Task<LeasedScan> DemandAsync(
        TenantConnection connection,
        LeaseClaim claim,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(ScanSql.Leased);
        command.Parameters.AddWithValue(connection.TenantId);
        command.Parameters.AddWithValue(claim.ScanId);
        command.Parameters.AddWithValue(now);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            throw ScanErrors.NoLease(claim.ScanId);
        }

        var (facts, siteId, tool, origins) = Read(claim.ScanId, row);
        LeaseCheck.Demand(facts, claim.AgentId, claim.LeaseId, now);
        if (siteId != claim.SiteId || !string.Equals(tool, claim.Tool, StringComparison.Ordinal))
        {
            throw ScanErrors.Differs(claim.ScanId);
        }

        return origins.Length == 0
            ? throw ScanErrors.AuthorisationNotInForce(siteId)
            : new LeasedScan(
                claim.ScanId,
                claim.LeaseId,
                siteId,
                tool,
                facts.State,
                facts.LeaseExpireTime ?? now,
                origins
            );
    }

    /// <summary>Keeps a lease alive while a push of its scan runs; false when the scan is no longer the agent's.</summary>
    public static async Task<bool> KeepAliveAsync(
        TenantConnection connection,
        LeasedScan scan,
        Instant until,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(ScanSql.KeepAlive);
        command.Parameters.AddWithValue(connection.TenantId);
        command.Parameters.AddWithValue(scan.ScanId);
        command.Parameters.AddWithValue(scan.LeaseId);
        command.Parameters.AddWithValue(until);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Whether the agent holds the lease of this scan of this site now.</summary>
    public static async Task<bool> HoldsAsync(
        KalisecuDb db,
        Guid agentId,
        Guid scanId,
        Guid siteId,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.RawCommand(ScanSql.Holds);
        command.Parameters.AddWithValue(db.TenantId());
        command.Parameters.AddWithValue(scanId);
        command.Parameters.AddWithValue(siteId);
        command.Parameters.AddWithValue(agentId);
        command.Parameters.AddWithValue(now);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static (LeaseFacts Facts, Guid SiteId, string Tool, string[] Origins) Read(
        Guid scanId,
        NpgsqlDataReader row
    ) =>
        (
            new LeaseFacts(
                scanId,
                Enum.Parse<ScanState>(row.GetString(2)),
                row.IsDBNull(3) ? null : row.GetGuid(3),
                row.IsDBNull(4) ? null : row.GetGuid(4),
                row.IsDBNull(5) ? null : row.GetFieldValue<Instant>(5)
            ),
            row.GetGuid(0),
            row.GetString(1),
            row.GetFieldValue<string[]>(6)
        );
}

/// <summary>What an agent says it holds.</summary>
internal sealed record LeaseClaim(Guid AgentId, Guid ScanId, Guid LeaseId, Guid SiteId, string Tool);
