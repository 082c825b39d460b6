using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>
/// Records in the ledger what has run out. Nothing waits for it: every answer looks at the moment of expiry itself. A repeat
/// finds nothing left.
/// </summary>
internal sealed class ExpireConsents(AllTenants allTenants, TenantDatabase database, ConsentLedger ledger, IClock clock)
{
    // Ours: bounds one run; the next takes the rest.
    private const int AtOnce = 1000;

    /// <summary>Records what is due, each in its tenant.</summary>
    /// <returns>How many were due.</returns>
    public async Task<int> RunAsync(string actor, CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        var due = await allTenants.RunAsync(
            db =>
                db.Set<ConsentState>()
                    .AsNoTracking()
                    .Where(s => s.Kind == ConsentEventKind.Given && s.ExpireTime <= now)
                    .OrderBy(s => s.ExpireTime)
                    .Take(AtOnce)
                    .ToListAsync(cancellationToken),
            cancellationToken
        );
        foreach (var state in due)
        {
            var word = new ConsentWord(
                state.PersonId,
                state.Purpose,
                ConsentEventKind.Expired,
                ConsentChannel.System,
                EventTime: state.ExpireTime
            );
            await database.InTenantAsync(
                state.TenantId,
                db => ledger.AppendAsync(db, word, actor, cancellationToken),
                cancellationToken
            );
        }

        return due.Count;
    }
}
