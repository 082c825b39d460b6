using System.Security.Cryptography;
using System.Text;
using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Changes to staff accounts, each with its evidence.</summary>
internal sealed class ManageStaff(
    StaffAccountProto proto,
    Invitations invitations,
    PersonSessions sessions,
    EvidenceLog evidence,
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
        var invitation = await InviteAsync(db, id, draft.Email, cancellationToken);
        await RecordAsync(db, "staff.created", account, caller, [("role", draft.Role.ToString())], cancellationToken);
        return new V1.CreateStaffResponse { Account = Write(db, account), Invitation = invitation };
    }

    public async Task<V1.StaffAccount> UpdateAsync(
        KalisecuDb db,
        StaffChange change,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await LockAsync(db, change.AccountId, cancellationToken);
        if (change.Version is { } read && read != VersionOf(db, account))
        {
            throw GeneralErrors.ChangedSinceRead("staff account");
        }

        if (change.DisplayName is { } name)
        {
            account.Rename(proto.SealDisplayName(name, account.AccountId));
        }

        if (change.Role is { } role && role != account.Role)
        {
            await DemandAnotherAdministratorAsync(db, account, caller, cancellationToken);
            account.ChangeRole(role);
            await PersonSessions.ChangeRoleAsync(
                db,
                TenantScope.Platform,
                account.AccountId,
                account.SessionRole,
                cancellationToken
            );
        }

        await RecordAsync(
            db,
            "staff.updated",
            account,
            caller,
            [("role", account.Role.ToString()), ("renamed", change.DisplayName is not null)],
            cancellationToken
        );
        return await WriteWithFactsAsync(db, account, cancellationToken);
    }

    public async Task<V1.StaffAccount> SuspendAsync(
        KalisecuDb db,
        Guid accountId,
        string reason,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await LockAsync(db, accountId, cancellationToken);
        await DemandAnotherAdministratorAsync(db, account, caller, cancellationToken);
        account.Suspend(proto.SealReason(reason, accountId), clock.GetCurrentInstant());
        await sessions.EndAsync(db, TenantScope.Platform, accountId, except: null, cancellationToken);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reason)));
        await RecordAsync(db, "staff.suspended", account, caller, [("reason_sha256", digest)], cancellationToken);
        return await WriteWithFactsAsync(db, account, cancellationToken);
    }

    public async Task<V1.StaffAccount> ReinstateAsync(
        KalisecuDb db,
        Guid accountId,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await LockAsync(db, accountId, cancellationToken);
        account.Reinstate();
        await RecordAsync(db, "staff.reinstated", account, caller, [], cancellationToken);
        return await WriteWithFactsAsync(db, account, cancellationToken);
    }

    public async Task<V1.ResetStaffCredentialsResponse> ResetAsync(
        KalisecuDb db,
        Guid accountId,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await LockAsync(db, accountId, cancellationToken);
        await DemandAnotherAdministratorAsync(db, account, caller, cancellationToken);
        account.InviteAgain();
        var invitation = await InviteAsync(db, accountId, proto.OpenEmail(account), cancellationToken);
        await RecordAsync(db, "staff.credentials_reset", account, caller, [], cancellationToken);
        return new V1.ResetStaffCredentialsResponse
        {
            Account = await WriteWithFactsAsync(db, account, cancellationToken),
            Invitation = invitation,
        };
    }

    private async Task<V1.Invitation> InviteAsync(
        KalisecuDb db,
        Guid accountId,
        string email,
        CancellationToken cancellationToken
    )
    {
        var (token, expireTime) = await invitations.InviteAsync(
            db,
            TenantScope.Platform,
            accountId,
            email,
            cancellationToken
        );
        return new V1.Invitation { Token = token, ExpireTime = Fields.Write(expireTime) };
    }

    private static async Task<StaffAccount> LockAsync(
        KalisecuDb db,
        Guid accountId,
        CancellationToken cancellationToken
    )
    {
        // All changes of staff stand in line: there are few, and each may decide whether an administrator is left.
        await db.Database.ExecuteSqlRawAsync(StaffAccountSql.LockAll, [], cancellationToken);
        return await db.Set<StaffAccount>().SingleOrDefaultAsync(a => a.AccountId == accountId, cancellationToken)
            ?? throw GeneralErrors.NotFound("staff account", accountId);
    }

    // An operator's certificate alone may: it is what makes the first administrator, and the next.
    private static async Task DemandAnotherAdministratorAsync(
        KalisecuDb db,
        StaffAccount account,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!account.IsActiveAdministrator || caller.Person is null)
        {
            return;
        }

        var another = await db.Set<StaffAccount>()
            .AnyAsync(
                a =>
                    a.AccountId != account.AccountId
                    && a.Role == StaffRole.Administrator
                    && a.State == StaffState.Active,
                cancellationToken
            );
        if (!another)
        {
            throw AccountErrors.LastAdministrator();
        }
    }

    private Task RecordAsync(
        KalisecuDb db,
        string kind,
        StaffAccount account,
        Caller caller,
        (string Key, object? Value)[] facts,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            account.AccountId,
            caller.Actor,
            facts.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal),
            cancellationToken
        );

    private async Task<V1.StaffAccount> WriteWithFactsAsync(
        KalisecuDb db,
        StaffAccount account,
        CancellationToken cancellationToken
    )
    {
        var facts = await Credentials.FactsAsync(db, TenantScope.Platform, [account.AccountId], cancellationToken);
        return proto.Write(account, facts.GetValueOrDefault(account.AccountId), VersionOf(db, account));
    }

    private V1.StaffAccount Write(KalisecuDb db, StaffAccount account) =>
        proto.Write(account, facts: null, VersionOf(db, account));

    public static uint VersionOf(KalisecuDb db, StaffAccount account) =>
        db.Entry(account).Property<uint>(StaffAccountTable.Version).CurrentValue;
}
