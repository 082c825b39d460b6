using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Accounts;

/// <summary>Reads credentials for a change: the row stays locked until the transaction ends.</summary>
internal static class Credentials
{
    public static async Task<Credential?> LockAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        CancellationToken cancellationToken
    )
    {
        await db.Database.ExecuteSqlRawAsync(CredentialSql.Lock, [tenantId, personId], cancellationToken);
        return await db.Set<Credential>()
            .SingleOrDefaultAsync(
                c => c.TenantId == tenantId && c.PersonId == personId && c.EndTime == null,
                cancellationToken
            );
    }

    public static async Task<IReadOnlyDictionary<Guid, SignInFacts>> FactsAsync(
        KalisecuDb db,
        Guid tenantId,
        IReadOnlyCollection<Guid> personIds,
        CancellationToken cancellationToken
    ) =>
        await db.Set<Credential>()
            .AsNoTracking()
            .Where(c => c.TenantId == tenantId && personIds.Contains(c.PersonId))
            .ToDictionaryAsync(
                c => c.PersonId,
                c => new SignInFacts(c.TotpSecret != null, c.SignInTime),
                cancellationToken
            );
}

/// <summary>What others may show about how a person signs in.</summary>
internal sealed record SignInFacts(bool HasSecondFactor, NodaTime.Instant? SignInTime);
