using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.PrivacyRequests;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Rights;

/// <summary>
/// Brings the person the one-time link to a copy, in the transaction that makes it. Its token is the letter's secret: it stands in
/// no text, and is gone once the letter was sent, or with the link's time.
/// </summary>
internal sealed class ExportLetter(
    ExportLinks links,
    RequestLetters letters,
    PersonDirectory persons,
    ControllerProfile controller
)
{
    /// <summary>Makes a link and posts it to the address of the export's request, where that is the person's own as we know it.</summary>
    /// <returns>The link; null where no such address is known: one request may be about several, and may come from anywhere.</returns>
    public async Task<ExportLink?> PostAsync(
        KalisecuDb db,
        DataExport export,
        ExportFormat format,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var request = await db.Set<PrivacyRequest>()
            .AsNoTracking()
            .SingleAsync(r => r.PrivacyRequestId == export.PrivacyRequestId, cancellationToken);
        var address = letters.AddressOf(request);
        if (address.Length == 0 || !await persons.IsAddressOfAsync(db, export.Person, address, cancellationToken))
        {
            return null;
        }

        var (link, token) = await links.CreateAsync(db, export, format, actor, cancellationToken);
        await letters.PostSecretAsync(
            db,
            request,
            export.Person,
            "copy",
            link.LinkId,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["access"] = export.Kind is ExportKind.Access,
                ["portability"] = export.Kind is ExportKind.Portability,
                ["expires"] = link.ExpireTime,
                ["has_page"] = controller.CopyPage.Length > 0,
                ["page"] = controller.CopyPage,
                ["secret"] = LetterSecret.Mark,
            },
            new LetterSecret(token, link.ExpireTime),
            cancellationToken
        );
        return link;
    }
}
