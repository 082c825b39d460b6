using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Clause SEC-8: the procedure was exercised from declaration to closing within a year.</summary>
internal sealed class BreachDrillCheck(AllTenants allTenants) : IClauseCheck
{
    // Our own rhythm: who was on call at the last drill still is.
    private static readonly Duration Within = Duration.FromDays(365);

    public string ClauseId => "SEC-8";

    public string Name => "breach-drill";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var finished = db.Set<Breach>().AsNoTracking().Where(b => b.Drill && b.State == BreachState.Closed);
                var count = await finished.CountAsync(cancellationToken);
                var newest = await finished.MaxAsync(b => b.CloseTime, cancellationToken);
                if (newest is not { } last)
                {
                    return ClauseFinding.Unproven(
                        "The procedure was never exercised: run kalisecu breach drill.",
                        ("drills", 0)
                    );
                }

                var days = (long)(now - last).TotalDays;
                (string, long)[] figures = [("drills", count), ("days_since_last", days)];
                return now - last > Within
                    ? ClauseFinding.Broken($"The procedure was last exercised {days} days ago.", figures)
                    : ClauseFinding.Holds($"The procedure was last exercised {days} days ago, to its end.", figures);
            },
            cancellationToken
        );
}
