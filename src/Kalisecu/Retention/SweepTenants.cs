using System.Diagnostics.CodeAnalysis;
using Kalisecu.Jobs;
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
    MoveToArchive archive,
    ForgetTenant forget,
    IClock clock
)
{
    private const int BatchSize = 100;

    /// <summary>Ends the clients whose time is over.</summary>
    /// <returns>How many rows went, and how many clients ended.</returns>
    public async Task<(long Rows, int Tenants)> RunAsync(Guid sweepId, JobRun run, CancellationToken cancellationToken)
    {
        var rule = rules.Of(KeepingAction.ForgetTenant).Single();
        var before = rule.Period.EndedBefore(clock.GetCurrentInstant());
        var ordered = await schema.InOrderAsync(rules.Of(KeepingAction.DeleteWithTenant), cancellationToken);
        var (deleted, ended) = (0L, 0);
        foreach (var tenantId in await FindAsync(rule, before, cancellationToken))
        {
            await archive.RunAsync(tenantId, run.Actor, cancellationToken);
            foreach (var each in ordered)
            {
                var gone = deleted;
                deleted += await sweep.RunOfTenantAsync(
                    sweepId,
                    each,
                    tenantId,
                    done => run.Report(gone + done, null, each.Name),
                    cancellationToken
                );
            }

            var certificate = new SweepCertificate(sweepId, rule, tenantId, before);
            ended += await forget.RunAsync(certificate, ordered, run.Actor, cancellationToken) ? 1 : 0;
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
}
