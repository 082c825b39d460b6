using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Invites staff, for the first time or because something to sign in with was lost.</summary>
internal sealed class InviteStaff(
    StaffAccounts accounts,
    StaffAccountProto proto,
    SendInvitation invitations,
    IClock clock
)
{
    public async Task<V1.CreateStaffResponse> CreateAsync(
        KalisecuDb db,
        StaffDraft draft,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var id = Ids.New(now);
        var account = StaffAccount.Invite(
            id,
            proto.SealEmail(draft.Email, id),
            proto.SealDisplayName(draft.DisplayName, id),
            draft.Role,
            now
        );
        db.Add(account);
        await db.SaveChangesAsync(cancellationToken);
        var invitation = await SendAsync(db, account, caller, cancellationToken);
        await accounts.RecordAsync(
            db,
            "staff.created",
            account,
            caller,
            [("role", draft.Role.ToString())],
            cancellationToken
        );
        return new V1.CreateStaffResponse
        {
            Account = await accounts.WriteAsync(db, account, cancellationToken),
            Invitation = invitation,
        };
    }

    public async Task<V1.ResetStaffCredentialsResponse> ResetAsync(
        KalisecuDb db,
        Guid accountId,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await StaffAccounts.LockAsync(db, accountId, cancellationToken);
        await StaffAccounts.DemandAnotherAdministratorAsync(db, account, caller, cancellationToken);
        account.InviteAgain();
        await db.SaveChangesAsync(cancellationToken);
        var invitation = await SendAsync(db, account, caller, cancellationToken);
        await accounts.RecordAsync(db, "staff.credentials_reset", account, caller, [], cancellationToken);
        return new V1.ResetStaffCredentialsResponse
        {
            Account = await accounts.WriteAsync(db, account, cancellationToken),
            Invitation = invitation,
        };
    }

    private async Task<V1.Invitation> SendAsync(
        KalisecuDb db,
        StaffAccount account,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var invitee = new Invitee(
            TenantScope.Platform,
            account.AccountId,
            proto.OpenEmail(account),
            proto.OpenDisplayName(account),
            Organisation: "",
            Language.Fr
        );
        var sent = await invitations.RunAsync(db, invitee, caller, cancellationToken);
        return new V1.Invitation { Token = sent.Token, ExpireTime = Fields.Write(sent.ExpireTime) };
    }
}
