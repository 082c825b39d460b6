using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>Clause DATA-5: every column about persons stands on the basis that the policy gives its purpose.</summary>
internal sealed class LegalBasisCheck(IDbContextFactory<KalisecuDb> contexts) : IClauseCheck
{
    public string ClauseId => "DATA-5";

    public string Name => "legal-bases";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var columns = ProcessingActivity.PersonalColumns(db.Model);
        var wrong = columns
            .Where(c => !IsPromised(c.Class.Purpose, c.Class.Basis))
            .Select(c => $"{c.Table}.{c.Column} ({c.Class.Purpose}, {c.Class.Basis})")
            .ToList();
        return wrong.Count > 0
            ? ClauseFinding.Broken(
                $"The policy gives another basis for {string.Join(", ", wrong)}.",
                ("wrong", wrong.Count)
            )
            : ClauseFinding.Holds(
                $"All {columns.Count} columns about persons stand on the basis that the policy names for their purpose.",
                ("columns", columns.Count)
            );
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
