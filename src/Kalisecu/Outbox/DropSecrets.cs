using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Outbox;

/// <summary>Drops the secrets of letters that could not be sent in time. Can be repeated.</summary>
internal sealed class DropSecrets(RestrictedRows rows, IClock clock)
{
    /// <summary>Drops what is past its time now.</summary>
    /// <returns>How many.</returns>
    public Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        return rows.InAllTenantsAsync(
            db =>
                db.Set<Letter>()
                    .Where(l => l.Secret != null && l.SecretExpireTime <= now)
                    .ExecuteUpdateAsync(
                        letters => letters.SetProperty(l => l.Secret, (byte[]?)null),
                        cancellationToken
                    ),
            cancellationToken
        );
    }
}
