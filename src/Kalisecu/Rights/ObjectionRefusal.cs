using Kalisecu.Consent;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>The letter that an objection does not stop a processing: with the grounds, as any refusal (GDPR art. 12(4)).</summary>
internal sealed class ObjectionRefusal(RequestLetters letters)
{
    public async Task PostAsync(KalisecuDb db, Objection objection, string grounds, CancellationToken cancellationToken)
    {
        var request = await db.Set<PrivacyRequest>()
            .AsNoTracking()
            .SingleAsync(r => r.PrivacyRequestId == objection.PrivacyRequestId, cancellationToken);
        var purpose = await Purposes.AtAsync(db, objection.Purpose, objection.CreateTime, cancellationToken);
        var right = RequestWords.Of(Right.Objection, request.Language);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["refused"] = new List<string> { $"{right} ({purpose.TextIn(request.Language).Title})" },
            ["reasons"] = grounds,
        };
        await letters.PostAsync(
            db,
            request,
            "refusal",
            objection.ObjectionId.ToString("D"),
            values,
            recipient: null,
            cancellationToken
        );
    }
}
