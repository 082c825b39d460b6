using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Clause RET-2: what is held beyond its time is held for a reason that somebody looked at in time.</summary>
internal sealed class HoldReviewCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "RET-2";

    public string Name => "legal-holds";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var today = Paris.DateOf(now);
                var holds = db.Set<LegalHold>().Where(h => h.ReleaseTime == null);
                var count = await holds.CountAsync(cancellationToken);
                var late = await holds.CountAsync(h => h.ReviewDate < today, cancellationToken);
                (string, long)[] figures = [("holds", count), ("past_their_review", late)];
                return late > 0
                    ? ClauseFinding.Broken($"{late} of {count} legal holds are past the day of their review.", figures)
                    : ClauseFinding.Holds($"None of {count} legal holds is past the day of its review.", figures);
            },
            cancellationToken
        );
}
