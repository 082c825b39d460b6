using Kalisecu.Compliance;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>
/// The letter that tells one recipient of a rectification, restriction or erasure (GDPR art. 19). Who only keeps what we have sealed
/// does not know the person, and learns nothing of them from us: that letter names nobody.
/// </summary>
internal sealed class NoticeLetter(LetterTemplates templates, LetterBox letters, IClock clock)
{
    /// <summary>Writes the letter into the outbox, in the change's transaction.</summary>
    /// <returns>The letter's once-key; null where none could be written, because an address is unknown.</returns>
    public async Task<string?> PostAsync(
        KalisecuDb db,
        RightsCase rights,
        NoticeFacts facts,
        Processor recipient,
        bool isNamed,
        CancellationToken cancellationToken
    )
    {
        if (recipient.PrivacyContact.Length == 0 || (isNamed && facts.KnownAs.Length == 0))
        {
            return null;
        }

        var language = recipient.Country is "FR" ? Language.Fr : Language.En;
        var key = $"recipient_notice/{facts.CauseId:D}/{recipient.Name}";
        await letters.PostAsync(
            db,
            new LetterDraft(
                key,
                "rights.recipient_notice",
                LetterNature.Required,
                isNamed ? rights.Person.PersonId : null,
                recipient.PrivacyContact,
                language,
                templates.Render("recipient-notice", language, Values(rights, facts, recipient, isNamed, language)),
                facts.Cause.ToString().ToLowerInvariant(),
                facts.CauseId,
                PersonTenantId: isNamed ? rights.Person.TenantId : null
            ),
            cancellationToken
        );
        return key;
    }

    private Dictionary<string, object?> Values(
        RightsCase rights,
        NoticeFacts facts,
        Processor recipient,
        bool isNamed,
        Language language
    ) =>
        new(StringComparer.Ordinal)
        {
            ["number"] = PrivacyRequest.ReferenceOf(rights.PrivacyRequestId),
            ["recipient"] = recipient.LegalName,
            ["date"] = Paris.DateOf(clock.GetCurrentInstant()),
            ["rectification"] = facts.Cause is NoticeCause.Rectification,
            ["restriction"] = facts.Cause is NoticeCause.Restriction,
            ["erasure"] = facts.Cause is NoticeCause.Erasure,
            ["named"] = isNamed,
            ["person"] = isNamed ? facts.KnownAs : "",
            ["changes"] = facts
                .Changes.Where(_ => isNamed)
                .OrderBy(c => c.Key)
                .Select(c => new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["name"] = ExportLabels.Of(PersonFields.ColumnOf(c.Key), language),
                    ["value"] = c.Value,
                })
                .ToList(),
        };
}
