using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Tells each recipient of the data (GDPR art. 19): a row for each, and a letter where an address is known.</summary>
internal sealed class RecipientNotices(Recipients recipients, IClock clock)
{
    /// <summary>Writes a row for each; answers how many there are.</summary>
    public async Task<int> WriteAsync(
        KalisecuDb db,
        RightsCase rights,
        NoticeCause cause,
        Guid causeId,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var all = await recipients.ListAsync(db, Language.Fr, cancellationToken);
        foreach (var recipient in all)
        {
            db.Add(RecipientNotice.Of(rights, cause, causeId, recipient.Name, letterKey: null, now));
        }

        await db.SaveChangesAsync(cancellationToken);
        return all.Count;
    }
}
