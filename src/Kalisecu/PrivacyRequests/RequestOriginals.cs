using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>Keeps the originals of requests.</summary>
internal sealed class RequestOriginals(RequestRecords requests, KeyRing keys, IClock clock)
{
    // Our own margin: a letter and what is enclosed.
    private const int Maximum = 20;

    public static Task<List<RequestOriginal>> OfAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        CancellationToken cancellationToken
    ) =>
        db.Set<RequestOriginal>()
            .AsNoTracking()
            .Where(o => o.TenantId == TenantScope.Platform && o.PrivacyRequestId == privacyRequestId)
            .OrderBy(o => o.OriginalId)
            .ToListAsync(cancellationToken);

    public static async Task<RequestOriginal> FindAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        Guid originalId,
        CancellationToken cancellationToken
    ) =>
        (await OfAsync(db, privacyRequestId, cancellationToken)).Find(o => o.OriginalId == originalId)
        ?? throw GeneralErrors.NotFound("original", originalId);

    /// <summary>Writes the row and then shows its document, as authorisations do. A closed request takes what comes late.</summary>
    public async Task<PrivacyRequest> AttachAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        string fileName,
        string mediaType,
        PendingObject document,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var request = await RequestRecords.FindAsync(db, privacyRequestId, person: null, cancellationToken);
        if ((await OfAsync(db, privacyRequestId, cancellationToken)).Count >= Maximum)
        {
            throw PrivacyRequestErrors.TooManyOriginals(Maximum);
        }

        var now = clock.GetCurrentInstant();
        request.Touch(now);
        db.Add(
            RequestOriginal.Of(
                privacyRequestId,
                fileName,
                mediaType,
                document.Object,
                keys.For(TenantScope.Platform),
                now
            )
        );
        await db.SaveChangesAsync(cancellationToken);
        await requests.RecordAsync(
            db,
            request,
            "original_attached",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["document_digest"] = document.Object.Name,
                ["media_type"] = mediaType,
            },
            cancellationToken
        );
        document.Publish();
        return request;
    }
}
