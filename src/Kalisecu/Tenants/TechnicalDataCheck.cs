using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>Clause RET-3: no technical data of a client is kept more than twelve months after the subscription ended.</summary>
internal sealed class TechnicalDataCheck(AllTenants allTenants, TenantDatabase database) : IClauseCheck
{
    // One question for all tables of a tenant: their rows are other capabilities' own.
    private const string Kept = """
        select (select count(*) from findings) + (select count(*) from reports) + (select count(*) from observations)
        """;

    // Clients whose contract ended long ago and whose rows are gone stay as rows themselves: the newest ended are looked at.
    private const int Clients = 200;

    public string ClauseId => "RET-3";

    public string Name => "technical-data-of-ended-contracts";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var before = EndedContractCheck.EndedBefore(now);
        var ended = await allTenants.RunAsync(
            db =>
                db.Set<Tenant>()
                    .Where(t => t.State == TenantState.Closed && t.CloseTime < before)
                    .OrderByDescending(t => t.CloseTime)
                    .Take(Clients)
                    .Select(t => t.TenantId)
                    .ToListAsync(cancellationToken),
            cancellationToken
        );
        long rows = 0;
        long clients = 0;
        foreach (var tenantId in ended)
        {
            await using var tenant = await database.OpenAsync(tenantId, cancellationToken);
            await using var command = tenant.Command(Kept);
            var kept = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            (rows, clients) = (rows + kept, clients + (kept > 0 ? 1 : 0));
        }

        (string, long)[] figures = [("ended_contracts", ended.Count), ("rows_past_their_date", rows)];
        return rows > 0
            ? ClauseFinding.Broken(
                $"{rows} findings, observations and reports are kept of {clients} clients whose contract ended over a year ago.",
                figures
            )
            : ClauseFinding.Holds(
                $"No technical data is kept of the {ended.Count} clients whose contract ended more than twelve months ago.",
                figures
            );
    }
}
