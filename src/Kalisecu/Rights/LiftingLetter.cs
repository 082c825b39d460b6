using Kalisecu.Errors;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.PrivacyRequests;
using Kalisecu.Time;

namespace Kalisecu.Rights;

/// <summary>The letter that says when and why a restriction ends; it goes to restricted persons too, as the law demands it.</summary>
internal sealed class LiftingLetter(PersonDirectory persons, LetterTemplates templates, LetterBox letters)
{
    public async Task PostAsync(
        KalisecuDb db,
        Restriction restriction,
        LiftingNotice notice,
        CancellationToken cancellationToken
    )
    {
        var identity =
            await persons.IdentityAsync(db, restriction.Person, cancellationToken)
            ?? throw GeneralErrors.NotFound("person", restriction.PersonId);
        var text = templates.Render(
            "privacy-request-restriction-lifting",
            identity.Language,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["number"] = PrivacyRequest.ReferenceOf(restriction.PrivacyRequestId),
                ["greeting"] = ExportWords.In(
                    identity.Language,
                    $"Bonjour {identity.Name},",
                    $"Hello {identity.Name},"
                ),
                ["restricted"] = Paris.DateOf(restriction.CreateTime),
                ["lifted"] = notice.Date,
                ["reasons"] = notice.Reasons,
            }
        );
        await letters.PostAsync(
            db,
            new LetterDraft(
                restriction.NoticeKey,
                "rights.restriction_lifting",
                LetterNature.Required,
                restriction.PersonId,
                identity.Email,
                identity.Language,
                text,
                "restriction",
                restriction.RestrictionId
            ),
            cancellationToken
        );
    }
}
