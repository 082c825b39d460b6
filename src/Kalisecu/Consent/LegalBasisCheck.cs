using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>Clause DATA-5: each purpose rests on what the policy says, and nobody was asked where nothing could be agreed to.</summary>
internal sealed class LegalBasisCheck(AllTenants allTenants) : IClauseCheck
{
    private static readonly Dictionary<string, LegalBasis> Promised = new(StringComparer.Ordinal)
    {
        ["service"] = LegalBasis.Contract,
        ["invoicing"] = LegalBasis.LegalObligation,
        ["security"] = LegalBasis.LegitimateInterest,
    };

    public string ClauseId => "DATA-5";

    public string Name => "bases-of-purposes";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var versions = await db.Set<PurposeVersion>().AsNoTracking().ToListAsync(cancellationToken);
                var other = Promised.Keys.Where(p => !RestsOn(versions, p, Promised[p])).ToList();
                var needless = await db.Set<ConsentState>()
                    .Where(s =>
                        s.Kind == ConsentEventKind.Given
                        && db.Set<PurposeVersion>()
                            .Any(p => p.Purpose == s.Purpose && p.LegalBasis != LegalBasis.Consent)
                    )
                    .LongCountAsync(cancellationToken);
                return Judge(other, needless);
            },
            cancellationToken
        );

    private static bool RestsOn(List<PurposeVersion> versions, string purpose, LegalBasis basis)
    {
        var own = versions.Where(p => string.Equals(p.Purpose, purpose, StringComparison.Ordinal)).ToList();
        return own.Count > 0 && own.TrueForAll(p => p.LegalBasis == basis);
    }

    private static ClauseFinding Judge(List<string> other, long needless)
    {
        (string, long)[] figures = [("other_bases", other.Count), ("needless_consents", needless)];
        return (other, needless) switch
        {
            ({ Count: > 0 }, _) => ClauseFinding.Broken(
                $"These purposes do not rest on what the policy says: {string.Join(", ", other)}.",
                figures
            ),
            (_, > 0) => ClauseFinding.Broken(
                $"{needless} consents were taken for purposes that do not rest on consent.",
                figures
            ),
            _ => ClauseFinding.Holds(
                "Service rests on the contract, invoicing on the law, security on our interest, and nobody was asked in vain.",
                figures
            ),
        };
    }
}
