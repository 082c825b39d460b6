using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Forbids a person to sign in, for good, and ends its sessions at once.</summary>
internal sealed class CredentialEnding(PersonSessions sessions, IClock clock)
{
    public async Task EndAsync(KalisecuDb db, Guid tenantId, Guid personId, CancellationToken cancellationToken)
    {
        var credential = await Credentials.LockAsync(db, tenantId, personId, cancellationToken);
        credential?.End(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await sessions.EndAsync(db, tenantId, personId, except: null, cancellationToken);
    }
}
