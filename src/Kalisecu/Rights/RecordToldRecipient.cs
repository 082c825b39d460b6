using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Rights;

/// <summary>Records that staff told a recipient by hand; how they did it stands in evidence as a digest.</summary>
internal sealed class RecordToldRecipient(EvidenceLog evidence, IClock clock)
{
    public async Task<RecipientNotice> RunAsync(
        KalisecuDb db,
        ToldRecipient told,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = db.Owner;
        var notice =
            await db.Set<RecipientNotice>()
                .FromSql(
                    $"select * from recipient_notices where tenant_id = {tenant} and notice_id = {told.NoticeId} for update"
                )
                .SingleOrDefaultAsync(cancellationToken)
            ?? throw GeneralErrors.NotFound("recipient notice", told.NoticeId);
        notice.Tell(told.Date, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "recipient.told",
            notice.CauseId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["notice"] = notice.NoticeId.ToString("D"),
                ["cause"] = $"{notice.CauseType}",
                ["told_date"] = LocalDatePattern.Iso.Format(told.Date),
                ["how_digest"] = Digests.OfText(told.How),
                ["privacy_request"] = notice.PrivacyRequestId.ToString("D"),
            },
            cancellationToken
        );
        return notice;
    }
}

/// <summary>Who was told, when and how.</summary>
internal sealed record ToldRecipient(Guid NoticeId, LocalDate Date, string How);
