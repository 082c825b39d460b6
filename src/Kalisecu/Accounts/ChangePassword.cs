using Kalisecu.Access;
using Kalisecu.Tenancy;

namespace Kalisecu.Accounts;

internal sealed class ChangePassword(
    OwnCredential own,
    AllTenants allTenants,
    People people,
    PasswordHasher hasher,
    PersonSessions sessions
)
{
    public async Task RunAsync(Person person, string current, string wanted, CancellationToken cancellationToken)
    {
        var tenantId = OwnCredential.TenantOf(person);
        var card =
            await allTenants.RunAsync(
                db => people.FindAsync(db, tenantId, person.PersonId, cancellationToken),
                cancellationToken
            ) ?? throw AccessErrors.SessionNotValid();
        if (PasswordRule.Fault(wanted, card.Email, card.DisplayName) is { } fault)
        {
            throw AccountErrors.PasswordTooWeak(fault);
        }

        var proved = await own.ProveAsync(person, current, cancellationToken);
        var hash = proved.Fits ? await hasher.HashAsync(wanted, cancellationToken) : "";
        await own.ChangeAsync(
            person,
            proved,
            async (db, credential) =>
            {
                credential.SetPassword(hash);
                await sessions.EndAsync(db, tenantId, person.PersonId, person.SessionId, cancellationToken);
                return true;
            },
            cancellationToken
        );
    }
}
