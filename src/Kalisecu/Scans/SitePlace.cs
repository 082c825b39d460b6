using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenants;
using NodaTime;
using Npgsql;

namespace Kalisecu.Scans;

/// <summary>A site as a place to scan, at one moment.</summary>
internal sealed record SitePlace(
    Guid SiteId,
    string Url,
    bool IsOpen,
    bool IsTenantOpen,
    IReadOnlyList<string> Origins,
    Guid? AuthorisationId,
    IReadOnlyList<Guid> CredentialIds
)
{
    private static async Task<SitePlace?> FindAsync(
        KalisecuDb db,
        Guid siteId,
        Instant at,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.RawCommand(ScanSql.Place);
        command.Parameters.AddWithValue(db.TenantId());
        command.Parameters.AddWithValue(at);
        command.Parameters.AddWithValue(siteId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(siteId, row) : null;
    }

    public static async Task<SitePlace> GetAsync(
        KalisecuDb db,
        Guid siteId,
        Instant at,
        CancellationToken cancellationToken
    ) => await FindAsync(db, siteId, at, cancellationToken) ?? throw GeneralErrors.NotFound("site", siteId);

    /// <summary>The authorisation under which the site may be scanned at that moment.</summary>
    public Guid DemandAuthorisation(Guid tenantId) =>
        WhyNot(tenantId) is { } refusal ? throw refusal : AuthorisationId!.Value;

    /// <summary>Why the site may not be scanned at that moment; null when it may.</summary>
    public Refusal? WhyNot(Guid tenantId) =>
        !IsTenantOpen ? TenantErrors.Closed(tenantId)
        : !IsOpen ? SiteErrors.Closed(SiteId)
        : AuthorisationId is null ? ScanErrors.AuthorisationNotInForce(SiteId)
        : null;

    private static SitePlace Read(Guid siteId, NpgsqlDataReader row) =>
        new(
            siteId,
            row.GetString(0),
            string.Equals(row.GetString(1), "Open", StringComparison.Ordinal),
            string.Equals(row.GetString(2), "Open", StringComparison.Ordinal),
            row.GetFieldValue<string[]>(3),
            row.IsDBNull(4) ? null : row.GetGuid(4),
            row.GetFieldValue<Guid[]>(5)
        );
}

/// <summary>A site in the list of those that may be scanned.</summary>
internal sealed record LeasableSite(Guid SiteId, string DisplayName, string Url, IReadOnlyList<string> Origins)
{
    public static async Task<List<LeasableSite>> ListAsync(
        KalisecuDb db,
        Instant now,
        (string DisplayName, Guid SiteId)? after,
        int count,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.RawCommand(ScanSql.LeasableSites);
        command.Parameters.AddWithValue(db.TenantId());
        command.Parameters.AddWithValue(now);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = after?.DisplayName });
        command.Parameters.AddWithValue(after?.SiteId ?? Guid.Empty);
        command.Parameters.AddWithValue(count);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var sites = new List<LeasableSite>();
        while (await rows.ReadAsync(cancellationToken))
        {
            sites.Add(Read(rows));
        }

        return sites;
    }

    private static LeasableSite Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3));
}
