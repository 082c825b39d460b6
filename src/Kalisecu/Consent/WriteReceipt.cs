using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.Consent;

/// <summary>Makes the signed receipt of one event: anew each time, because all it says stands in the ledger.</summary>
internal sealed class WriteReceipt(ReceiptKeys keys, ConsentReceipt receipt)
{
    // Ours: nobody changes their mind so often, and a receipt stays a page.
    private const int MaximumEvents = 100;

    public string PublishedKeys => keys.Published;

    public async Task<string> RunAsync(KalisecuDb db, Caller caller, Guid eventId, CancellationToken cancellationToken)
    {
        var recorded = await ConsentHistory.FindAsync(db, eventId, cancellationToken);
        if (caller.Person is { IsStaff: false } member && member.PersonId != recorded.PersonId)
        {
            throw ConsentErrors.EventAbsent(eventId);
        }

        var purpose = await Purposes.FindAsync(db, recorded.Purpose, recorded.TextVersion, cancellationToken);
        var events = await ConsentHistory.UpToAsync(db, recorded, MaximumEvents, cancellationToken);
        return keys.Sign(receipt.Write(recorded, purpose, events));
    }
}
