using Kalisecu.Letters;
using Kalisecu.Persistence;
using Kalisecu.Persons;

namespace Kalisecu.Rights;

/// <summary>What an export says before the data: whose it is, and (for access) the information of GDPR art. 15(1).</summary>
internal sealed class ExportHeaders(
    PersonStores stores,
    PersonDirectory persons,
    Recipients recipients,
    ControllerProfile controller
)
{
    public async Task<ExportHeader> OfAsync(KalisecuDb db, DataExport export, CancellationToken cancellationToken)
    {
        var identity = await persons.IdentityAsync(db, export.Person, cancellationToken);
        return new ExportHeader(
            export.Kind is ExportKind.Access ? "access" : "portability",
            ExportWords.In(export.Language, "fr", "en"),
            export.ExportId.ToString("D"),
            export.CreateTime.ToDateTimeUtc(),
            new ExportPerson(
                export.PersonId.ToString("D"),
                export.PersonKind.ToString().ToLowerInvariant(),
                identity?.Name ?? "",
                identity?.Email ?? ""
            ),
            new ExportController(controller.Name, controller.PostalAddress, controller.SirenInGroups, controller.Email),
            export.Kind is ExportKind.Access ? await InformationAsync(db, export, cancellationToken) : null
        );
    }

    private async Task<ExportInformation> InformationAsync(
        KalisecuDb db,
        DataExport export,
        CancellationToken cancellationToken
    )
    {
        var holding = new List<IPersonStore>();
        foreach (var store in stores.All)
        {
            var held = await store.PlanErasureAsync(db, export.Person, cancellationToken);
            if (held.Erased > 0 || held.Kept.Count > 0)
            {
                holding.Add(store);
            }
        }

        var language = export.Language;
        return new ExportInformation(
            ExportWords.Confirmation(holding.Count > 0, language),
            DescribeProcessing.Of(db, holding, export.PersonKind, language),
            holding.Count > 0 ? await recipients.ListAsync(db, language, cancellationToken) : [],
            ExportWords.Transfers(language),
            ExportWords.Rights(language),
            ExportWords.In(
                language,
                $"Vous pouvez introduire une réclamation auprès de la {SupervisoryAuthority.Name}, {SupervisoryAuthority.Address}.",
                $"You may lodge a complaint with the {SupervisoryAuthority.Name}, {SupervisoryAuthority.Address}, France."
            ),
            ExportWords.AutomatedDecisions(language)
        );
    }
}
