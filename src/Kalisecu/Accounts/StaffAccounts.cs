using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Accounts;

/// <summary>What all changes of staff accounts share: their order, the last administrator, evidence, the answer.</summary>
internal sealed class StaffAccounts(StaffAccountProto proto, EvidenceLog evidence)
{
    public static async Task<StaffAccount> LockAsync(KalisecuDb db, Guid accountId, CancellationToken cancellationToken)
    {
        // All changes of staff stand in line: there are few, and each may decide whether an administrator is left.
        await db.Database.ExecuteSqlRawAsync(StaffAccountSql.LockAll, [], cancellationToken);
        return await db.Set<StaffAccount>().SingleOrDefaultAsync(a => a.AccountId == accountId, cancellationToken)
            ?? throw GeneralErrors.NotFound("staff account", accountId);
    }

    // An operator's certificate alone may: it is what makes the first administrator, and the next.
    public static async Task DemandAnotherAdministratorAsync(
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

    public Task RecordAsync(
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

    public async Task<V1.StaffAccount> WriteAsync(
        KalisecuDb db,
        StaffAccount account,
        CancellationToken cancellationToken
    )
    {
        var facts = await Credentials.FactsAsync(db, TenantScope.Platform, [account.AccountId], cancellationToken);
        return proto.Write(account, facts.GetValueOrDefault(account.AccountId), VersionOf(db, account));
    }

    public static uint VersionOf(KalisecuDb db, StaffAccount account) =>
        db.Entry(account).Property<uint>(StaffAccountTable.Version).CurrentValue;
}
