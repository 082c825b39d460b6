using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Policies;

/// <summary>Clause POL-1: a version applies today, in both languages, and every published one is as it was published.</summary>
internal sealed class PublishedPolicyCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "POL-1";

    public string Name => "published-versions";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var today = Paris.DateOf(now);
                var published = await PolicyVersions
                    .Published(db)
                    .OrderBy(v => v.Number)
                    .ToListAsync(cancellationToken);
                (string, long)[] figures = [("published", published.Count)];
                if (published.Find(v => !v.ComputeDigest().AsSpan().SequenceEqual(v.Digest)) is { } changed)
                {
                    return ClauseFinding.Broken($"Version {changed.Number} is not as it was published.", figures);
                }

                if (published.Find(v => v.TextFr.Trim().Length == 0 || v.TextEn.Trim().Length == 0) is { } halved)
                {
                    return ClauseFinding.Broken($"Version {halved.Number} lacks one of its languages.", figures);
                }

                var current = published.Where(v => v.EffectDate <= today).MaxBy(v => v.EffectDate);
                return current is null
                    ? ClauseFinding.Broken("No version of the policy applies today.", figures)
                    : ClauseFinding.Holds(
                        $"Version {current.Number}, of {current.EffectDate:uuuu-MM-dd}, applies today in French and English; all "
                            + $"{published.Count} published versions are as they were published.",
                        figures
                    );
            },
            cancellationToken
        );
}
