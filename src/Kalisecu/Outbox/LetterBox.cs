using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Outbox;

/// <summary>Where whatever must leave is put, in the transaction of its cause; the delivery workers take it from there.</summary>
internal sealed class LetterBox(KeyRing keys, IClock clock)
{
    /// <summary>Where the delivery workers hear of new letters, when their transactions commit.</summary>
    public const string Channel = "kalisecu_letters";

    /// <summary>Writes a letter of the transaction's tenant (of the platform, where it has none).</summary>
    /// <returns>False when a letter with this once-key was written before; that one stays as it is.</returns>
    public async Task<bool> PostAsync(KalisecuDb db, LetterDraft draft, CancellationToken cancellationToken)
    {
        var owner = db.Owner;
        if (await db.Set<Letter>().AnyAsync(l => l.TenantId == owner && l.OnceKey == draft.OnceKey, cancellationToken))
        {
            return false;
        }

        db.Add(Letter.Write(owner, draft, keys.For(owner), clock.GetCurrentInstant()));
        await db.SaveChangesAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_notify({Channel}, '')", cancellationToken);
        return true;
    }
}
