using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>
/// The end of an erasure, when every store has acknowledged: the outcome on the request, the certificate to the person, the
/// word to the recipients, in one platform-wide transaction.
/// </summary>
internal sealed class CompleteErasure(
    ErasureCertificate certificate,
    RequestLetters letters,
    RecipientNotices notices,
    EvidenceLog evidence
)
{
    public async Task RunAsync(
        KalisecuDb db,
        Erasure erasure,
        IReadOnlyList<ErasureStep> steps,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        erasure.Complete(now);
        await db.SaveChangesAsync(cancellationToken);
        var kept = steps.Sum(s => KeptJson.Read(s.Kept).Sum(k => k.Count));
        var request = await AnsweredRequests.RecordAsync(
            db,
            erasure.PrivacyRequestId,
            Right.Erasure,
            erasure.ErasureId,
            now,
            cancellationToken
        );
        if (!erasure.IsReplay)
        {
            // The person and the recipients were told when it happened first.
            var rights = new RightsCase(erasure.PrivacyRequestId, erasure.Person, ErasureSteps.Actor);
            var knownAs = await KnownAsAsync(db, request, cancellationToken);
            var facts = NoticeFacts.Of(NoticeCause.Erasure, erasure.ErasureId, knownAs);
            var told = await notices.WriteAsync(db, rights, facts, cancellationToken);
            if (request is not null)
            {
                var erased = new ErasedData(erasure, steps, [.. told.Select(n => n.Recipient)]);
                await certificate.PostAsync(db, request, erased, cancellationToken);
            }
        }

        await evidence.AppendAsync(
            db,
            erasure.IsReplay ? "erasure.replayed" : "erasure.completed",
            erasure.ErasureId,
            ErasureSteps.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["tenant"] = erasure.TenantId.ToString("D"),
                ["privacy_request"] = erasure.PrivacyRequestId.ToString("D"),
                ["stores"] = steps.Count,
                ["erased"] = steps.Sum(s => s.ErasedCount ?? 0),
                ["kept"] = kept,
            },
            cancellationToken
        );
    }

    public static IQueryable<ErasureStep> StepsOf(KalisecuDb db, Guid tenantId, Guid erasureId) =>
        db.Set<ErasureStep>()
            .AsNoTracking()
            .Where(s => s.TenantId == tenantId && s.ErasureId == erasureId)
            .OrderBy(s => s.Position)
            .ThenBy(s => s.Store);

    /// <summary>
    /// The stores have forgotten the address; the request keeps the one it came from. That is the erased person's own only where
    /// the request is about nobody else, and a session or a code to a known address proved who asks; otherwise staff tell by hand.
    /// </summary>
    private async Task<string> KnownAsAsync(
        KalisecuDb db,
        PrivacyRequest? request,
        CancellationToken cancellationToken
    ) =>
        request is { IdentityMethod: IdentityMethod.Session or IdentityMethod.Code }
        && await RequestRecords.SubjectsAsync(db, request.PrivacyRequestId, cancellationToken) is [_]
            ? letters.AddressOf(request)
            : "";
}
