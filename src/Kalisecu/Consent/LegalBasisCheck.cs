using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>
/// Clause DATA-5: every column about persons, and each purpose that people were told, stands on the basis that the policy
/// gives it; and nobody was asked where nothing could be agreed to.
/// </summary>
internal sealed class LegalBasisCheck(AllTenants allTenants) : IClauseCheck
{
    private static readonly Dictionary<string, LegalBasis> Promised = new(StringComparer.Ordinal)
    {
        ["service"] = LegalBasis.Contract,
        ["invoicing"] = LegalBasis.LegalObligation,
        ["security"] = LegalBasis.LegitimateInterest,
    };

    public string ClauseId => "DATA-5";

    public string Name => "legal-bases";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var needless = await db.Set<ConsentState>()
                    .Where(s =>
                        s.Kind == ConsentEventKind.Given
                        && db.Set<PurposeVersion>()
                            .Any(p => p.Purpose == s.Purpose && p.LegalBasis != LegalBasis.Consent)
                    )
                    .LongCountAsync(cancellationToken);
                return Judge(
                    ProcessingActivity.PersonalColumns(db.Model),
                    await db.Set<PurposeVersion>().AsNoTracking().ToListAsync(cancellationToken),
                    needless
                );
            },
            cancellationToken
        );

    private static ClauseFinding Judge(
        IReadOnlyList<PersonalColumn> columns,
        List<PurposeVersion> versions,
        long needless
    )
    {
        var wrong = columns
            .Where(c => !IsPromised(c.Class.Purpose, c.Class.Basis))
            .Select(c => $"{c.Table}.{c.Column} ({c.Class.Purpose}, {c.Class.Basis})")
            .ToList();
        var other = Promised.Keys.Where(p => !RestsOn(versions, p, Promised[p])).ToList();
        (string, long)[] figures =
        [
            ("columns", columns.Count),
            ("wrong", wrong.Count),
            ("other_bases", other.Count),
            ("needless_consents", needless),
        ];
        return (wrong, other, needless) switch
        {
            ({ Count: > 0 }, _, _) => ClauseFinding.Broken(
                $"The policy gives another basis for {string.Join(", ", wrong)}.",
                figures
            ),
            (_, { Count: > 0 }, _) => ClauseFinding.Broken(
                $"These purposes do not rest on what the policy says: {string.Join(", ", other)}.",
                figures
            ),
            (_, _, > 0) => ClauseFinding.Broken(
                $"{needless} consents were taken for purposes that do not rest on consent.",
                figures
            ),
            _ => ClauseFinding.Holds(
                $"All {columns.Count} columns about persons stand on the basis that the policy names for their purpose; service "
                    + "rests on the contract, invoicing on the law, security on our interest, and nobody was asked in vain.",
                figures
            ),
        };
    }

    private static bool RestsOn(List<PurposeVersion> versions, string purpose, LegalBasis basis)
    {
        var own = versions.Where(p => string.Equals(p.Purpose, purpose, StringComparison.Ordinal)).ToList();
        return own.Count > 0 && own.TrueForAll(p => p.LegalBasis == basis);
    }

    // What the law demands to keep may come from any purpose; an answer to a request is such a duty.
    private static bool IsPromised(Purpose purpose, LegalBasis basis) =>
        (purpose, basis) switch
        {
            (Purpose.Service or Purpose.Communication or Purpose.Support, LegalBasis.Contract) => true,
            (Purpose.Security or Purpose.Improvement, LegalBasis.LegitimateInterest) => true,
            (Purpose.Invoicing, LegalBasis.LegalObligation) => true,
            (_, LegalBasis.LegalObligation) => true,
            // Where somebody was asked: the ledger of consent holds the answer.
            (Purpose.Communication or Purpose.Improvement, LegalBasis.Consent) => true,
            _ => false,
        };
}
