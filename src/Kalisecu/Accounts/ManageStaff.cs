using System.Security.Cryptography;
using System.Text;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Changes to staff accounts, each with its evidence.</summary>
internal sealed class ManageStaff(
    StaffAccounts accounts,
    StaffAccountProto proto,
    PersonSessions sessions,
    IClock clock
)
{
    public async Task<V1.StaffAccount> UpdateAsync(
        KalisecuDb db,
        StaffChange change,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await StaffAccounts.LockAsync(db, change.AccountId, cancellationToken);
        if (change.Version is { } read && read != StaffAccounts.VersionOf(db, account))
        {
            throw GeneralErrors.ChangedSinceRead("staff account");
        }

        if (change.DisplayName is { } name)
        {
            account.Rename(proto.SealDisplayName(name, account.AccountId));
        }

        if (change.Role is { } role && role != account.Role)
        {
            await StaffAccounts.DemandAnotherAdministratorAsync(db, account, caller, cancellationToken);
            account.ChangeRole(role);
            await PersonSessions.ChangeRoleAsync(
                db,
                TenantScope.Platform,
                account.AccountId,
                account.SessionRole,
                cancellationToken
            );
        }

        await accounts.RecordAsync(
            db,
            "staff.updated",
            account,
            caller,
            [("role", account.Role.ToString()), ("renamed", change.DisplayName is not null)],
            cancellationToken
        );
        return await accounts.WriteAsync(db, account, cancellationToken);
    }

    public async Task<V1.StaffAccount> SuspendAsync(
        KalisecuDb db,
        Guid accountId,
        string reason,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await StaffAccounts.LockAsync(db, accountId, cancellationToken);
        await StaffAccounts.DemandAnotherAdministratorAsync(db, account, caller, cancellationToken);
        account.Suspend(proto.SealReason(reason, accountId), clock.GetCurrentInstant());
        await sessions.EndAsync(db, TenantScope.Platform, accountId, except: null, cancellationToken);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reason)));
        await accounts.RecordAsync(
            db,
            "staff.suspended",
            account,
            caller,
            [("reason_sha256", digest)],
            cancellationToken
        );
        return await accounts.WriteAsync(db, account, cancellationToken);
    }

    public async Task<V1.StaffAccount> ReinstateAsync(
        KalisecuDb db,
        Guid accountId,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var account = await StaffAccounts.LockAsync(db, accountId, cancellationToken);
        account.Reinstate();
        await accounts.RecordAsync(db, "staff.reinstated", account, caller, [], cancellationToken);
        return await accounts.WriteAsync(db, account, cancellationToken);
    }
}
