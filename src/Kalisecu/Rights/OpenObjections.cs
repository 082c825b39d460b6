using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>
/// Keeps a request from being answered while an objection of it is undecided. The outcome is taken back when one is raised, in a
/// transaction of its own: this holds where that one did not come to its end.
/// </summary>
internal sealed class OpenObjections : IRequestObserver
{
    public async Task AnsweringAsync(KalisecuDb db, Guid privacyRequestId, CancellationToken cancellationToken)
    {
        var isOpen = await db.Set<Objection>()
            .AnyAsync(o => o.PrivacyRequestId == privacyRequestId && o.State == ObjectionState.Open, cancellationToken);
        if (isOpen)
        {
            throw PrivacyRequestErrors.RightsWithoutOutcome(privacyRequestId, [Right.Objection]);
        }
    }
}
