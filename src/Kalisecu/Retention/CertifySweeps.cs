using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Ends certificates: from then on they are evidence and never change.</summary>
internal sealed class CertifySweeps(AllTenants allTenants, EvidenceLog evidence, IClock clock)
{
    // A batch takes less than a second: whoever moved nothing for so long is dead.
    private static readonly Duration Abandoned = Duration.FromMinutes(10);

    /// <summary>Ends those of a sweep, and those of sweeps that died.</summary>
    public Task RunAsync(Guid sweepId, string actor, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var now = Moment.Stored(clock.GetCurrentInstant());
                var abandoned = now - Abandoned;
                var open = await db.Set<RetentionSweep>()
                    .FromSql(
                        $"""
                        select * from retention_sweeps
                        where end_time is null and (sweep_id = {sweepId} or update_time < {abandoned})
                        order by start_time, rule, of_tenant_id for update skip locked
                        """
                    )
                    .ToListAsync(cancellationToken);
                open.ForEach(s => s.End(now));
                await db.SaveChangesAsync(cancellationToken);
                foreach (var sweep in open)
                {
                    await evidence.AppendAsync(
                        db,
                        "retention.swept",
                        sweep.SweepId,
                        actor,
                        Facts(sweep),
                        cancellationToken
                    );
                }

                return true;
            },
            cancellationToken
        );

    private static Dictionary<string, object?> Facts(RetentionSweep sweep) =>
        new(StringComparer.Ordinal)
        {
            ["rule"] = sweep.Rule,
            ["rule_version"] = sweep.RuleVersion,
            ["period"] = sweep.Period,
            ["clause"] = sweep.Clause,
            ["tenant"] = sweep.OfTenantId == TenantScope.Platform ? null : sweep.OfTenantId.ToString("D"),
            ["rows"] = sweep.RowCount,
            ["objects"] = sweep.ObjectCount,
            ["digest"] = Convert.ToHexStringLower(sweep.Digest),
        };
}
