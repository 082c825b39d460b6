using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.PrivacyRequests;

/// <summary>Letters about a request, in its language, to the address that was proved, else to the one it came from.</summary>
internal sealed class RequestLetters(
    LetterBox letters,
    LetterTemplates templates,
    ControllerProfile controller,
    KeyRing keys
)
{
    public const string CauseType = "privacy_request";

    /// <summary>Posts <c>privacy-request-TEMPLATE</c> to the person, in the transaction of its cause.</summary>
    /// <param name="occasion">What makes it one letter, such as the identifier of a certificate; the template alone if empty.</param>
    /// <param name="values">What the template shows beside number, greeting, date of receipt and rights.</param>
    /// <param name="recipient">Another address than the request's; null for that one.</param>
    public async Task PostAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string template,
        string occasion,
        IReadOnlyDictionary<string, object?> values,
        string? recipient,
        CancellationToken cancellationToken
    )
    {
        var text = templates.Render($"privacy-request-{template}", request.Language, With(request, values));
        var address = recipient ?? AddressOf(request);
        if (address.Length == 0)
        {
            (address, text) = (controller.DpoAddress, ByPost(text, request));
        }

        var subject = await SubjectAsync(db, request, cancellationToken);
        await letters.PostAsync(
            db,
            Draft(request, template, occasion, text) with
            {
                Recipient = address,
                PersonId = subject?.PersonId,
                PersonTenantId = subject?.PersonTenantId,
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Posts <c>privacy-request-TEMPLATE</c> with a secret about one person of the request, in the transaction of its cause. Only by
    /// e-mail: <see cref="AddressOf"/> is not empty.
    /// </summary>
    /// <param name="cause">What makes it one letter.</param>
    public Task PostSecretAsync(
        KalisecuDb db,
        PrivacyRequest request,
        PersonRef person,
        string template,
        Guid cause,
        IReadOnlyDictionary<string, object?> values,
        LetterSecret secret,
        CancellationToken cancellationToken
    ) =>
        letters.PostAsync(
            db,
            Draft(
                request,
                template,
                cause.ToString("D"),
                templates.Render($"privacy-request-{template}", request.Language, With(request, values))
            ) with
            {
                Recipient = AddressOf(request),
                PersonId = person.PersonId,
                PersonTenantId = person.TenantId,
                Secret = secret,
            },
            cancellationToken
        );

    /// <summary>The address that was proved, else the one that the request came from; empty where it came on paper alone.</summary>
    public string AddressOf(PrivacyRequest request) =>
        request.ProvedEmail is { } proved ? Open(proved, "code_email", request) : Open(request.Email, "email", request);

    /// <summary>Posts a reminder to the data-protection officer; it names nobody.</summary>
    public Task RemindAsync(
        KalisecuDb db,
        PrivacyRequest request,
        RequestAlarm alarm,
        bool mayExtend,
        CancellationToken cancellationToken
    )
    {
        var language = Language.Fr;
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = request.PrivacyRequestId.ToString("D"),
            ["number"] = request.Reference,
            ["received"] = request.ReceivedDate,
            ["due"] = alarm.DueDate,
            ["overdue"] = alarm.IsOverdue,
            ["state"] = RequestWords.Of(request.State, language),
            ["rights"] = request.Rights.Select(r => RequestWords.Of(r.Right, language)).ToList(),
            ["extendable"] = mayExtend,
            ["suspended"] = request.SuspendDate is not null,
        };
        return letters.PostAsync(
            db,
            new LetterDraft(
                $"privacy_request/{request.PrivacyRequestId:D}/alarm/{alarm.Time.ToUnixTimeSeconds()}",
                alarm.IsOverdue ? "privacy_request.overdue" : "privacy_request.reminder",
                LetterNature.Service,
                PersonId: null,
                controller.DpoAddress,
                language,
                templates.Render("privacy-request-reminder", language, values),
                CauseType,
                request.PrivacyRequestId
            ),
            cancellationToken
        );
    }

    private static LetterDraft Draft(PrivacyRequest request, string template, string occasion, LetterText text) =>
        new(
            $"privacy_request/{request.PrivacyRequestId:D}/{template}{(occasion.Length > 0 ? "/" : "")}{occasion}",
            $"privacy_request.{template.Replace('-', '_')}",
            LetterNature.Required,
            PersonId: null,
            Recipient: "",
            request.Language,
            text,
            CauseType,
            request.PrivacyRequestId
        );

    private Dictionary<string, object?> With(PrivacyRequest request, IReadOnlyDictionary<string, object?> values)
    {
        var name = Open(request.RequesterName, "requester_name", request);
        var isFrench = request.Language is Language.Fr;
        var hello = isFrench ? "Bonjour" : "Hello";
        return new Dictionary<string, object?>(values, StringComparer.Ordinal)
        {
            ["number"] = request.Reference,
            ["greeting"] = name.Length > 0 ? $"{hello} {name}," : $"{hello},",
            ["received"] = request.ReceivedDate,
            ["rights"] = request.Rights.Select(r => RequestWords.Of(r.Right, request.Language)).ToList(),
        };
    }

    // Whoever gave no e-mail address gets paper: the officer's mailbox is where somebody prints it.
    private LetterText ByPost(LetterText text, PrivacyRequest request)
    {
        var name = Open(request.RequesterName, "requester_name", request);
        var address = $"{name}\n{Open(request.PostalAddress, "postal_address", request)}".Trim();
        var plain = $"À imprimer et à envoyer par la poste :\n{address}\n\n{text.Plain}";
        var subject = $"[poste] {text.Subject}";
        return new LetterText(subject, plain, LetterHtml.Of(subject, plain, request.Language));
    }

    private string Open(byte[]? value, string what, PrivacyRequest request) =>
        value is null ? "" : keys.For(TenantScope.Platform).DecryptText(value, what, request.PrivacyRequestId);

    /// <summary>
    /// Whose letter it is: the member who asked, else whoever the request was about first. One letter has one person, and one
    /// without would be in nobody's export and outlive every erasure.
    /// </summary>
    private static Task<RequestSubject?> SubjectAsync(
        KalisecuDb db,
        PrivacyRequest request,
        CancellationToken cancellationToken
    ) =>
        db.Set<RequestSubject>()
            .AsNoTracking()
            .Where(s => s.TenantId == TenantScope.Platform && s.PrivacyRequestId == request.PrivacyRequestId)
            .OrderByDescending(s => s.PersonId == request.MemberId)
            .ThenBy(s => s.AddTime)
            .ThenBy(s => s.PersonId)
            .FirstOrDefaultAsync(cancellationToken);
}
