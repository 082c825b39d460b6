using Kalisecu.Compliance;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Clause RET-4: invoices are kept for ten years; where the platform issues none, nobody here can say that they are.</summary>
internal sealed class InvoiceCheck(KeepingRules rules) : IClauseCheck
{
    public string ClauseId => "RET-4";

    public string Name => "invoices";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var ruled = rules.All.Count(r => r.Category is RetentionRule.Invoices);
        return Task.FromResult(
            ruled == 0
                ? ClauseFinding.Unproven(
                    "The platform holds no invoices: that they are kept for ten years elsewhere is not seen here.",
                    ("rules", 0)
                )
                : ClauseFinding.Holds($"{ruled} rules keep invoices for ten years.", ("rules", ruled))
        );
    }
}
