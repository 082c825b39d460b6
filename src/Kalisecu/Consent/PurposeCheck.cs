using Kalisecu.Compliance;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>Clause DATA-4: data is processed for the purposes that people were told, in words that were not changed since.</summary>
internal sealed class PurposeCheck(AllTenants allTenants) : IClauseCheck
{
    // Those of the clause, and the security of the platform, which DATA-5 names.
    private static readonly string[] Promised =
    [
        "service",
        "invoicing",
        "communication",
        "support",
        "improvement",
        "security",
    ];

    public string ClauseId => "DATA-4";

    public string Name => "purposes-are-told";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var versions = await db.Set<PurposeVersion>().AsNoTracking().ToListAsync(cancellationToken);
                var names = versions.Select(p => p.Purpose).ToHashSet(StringComparer.Ordinal);
                return Judge(
                    Promised.Where(p => !names.Contains(p)).ToList(),
                    // What rests on consent is told to whoever is asked; anything else must stand in the policy.
                    versions
                        .Where(p => p.LegalBasis != LegalBasis.Consent && !Promised.Contains(p.Purpose))
                        .Select(p => p.Purpose)
                        .Distinct(StringComparer.Ordinal)
                        .ToList(),
                    versions.Where(IsChanged).Select(p => $"{p.Purpose} {p.Version}").ToList(),
                    versions.Count
                );
            },
            cancellationToken
        );

    private static bool IsChanged(PurposeVersion purpose) =>
        Enum.GetValues<Language>().Any(l => !purpose.TextIn(l).Digest().AsSpan().SequenceEqual(purpose.DigestIn(l)));

    private static ClauseFinding Judge(List<string> missing, List<string> untold, List<string> changed, int versions)
    {
        (string, long)[] figures =
        [
            ("versions", versions),
            ("missing_purposes", missing.Count),
            ("untold_purposes", untold.Count),
            ("changed_texts", changed.Count),
        ];
        return (missing, untold, changed) switch
        {
            ({ Count: > 0 }, _, _) => ClauseFinding.Broken(
                $"These promised purposes are missing: {string.Join(", ", missing)}.",
                figures
            ),
            (_, { Count: > 0 }, _) => ClauseFinding.Broken(
                $"The policy does not name these purposes: {string.Join(", ", untold)}.",
                figures
            ),
            (_, _, { Count: > 0 }) => ClauseFinding.Broken(
                $"Texts no longer fit their digests: {string.Join(", ", changed)}.",
                figures
            ),
            _ => ClauseFinding.Holds(
                $"All {Promised.Length} promised purposes are there, and every text of {versions} versions fits its digest.",
                figures
            ),
        };
    }
}
