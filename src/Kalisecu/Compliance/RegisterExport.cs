using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;
using static Kalisecu.Compliance.RegisterWords;

namespace Kalisecu.Compliance;

/// <summary>Which register, for whom.</summary>
internal sealed record RegisterWanted(bool OfProcessors, V1.RegisterFormat Format, Language Language);

/// <summary>
/// Writes the registers. That of processing (GDPR art. 30(1)) is made from the classified columns and the register of
/// processors at that moment: nobody keeps it by hand, so it cannot be out of date.
/// </summary>
internal sealed class RegisterExport(ClauseCatalogue clauses, ControllerProfile controller, IClock clock)
{
    // What an outsider to the law of art. 32 wants to know first; each is a clause with a live check.
    private static readonly string[] Measures =
    [
        "SEC-1",
        "SEC-2",
        "SEC-3",
        "SEC-4",
        "SEC-5",
        "SEC-6",
        "SEC-7",
        "SEC-8",
    ];

    public async Task<(RegisterDocument Document, V1.RegisterFormat Format)> WriteAsync(
        KalisecuDb db,
        RegisterWanted wanted,
        CancellationToken cancellationToken
    )
    {
        var processors = await Processors.CurrentAsync(db, cancellationToken);
        return (
            wanted.OfProcessors
                ? OfProcessors(processors, wanted.Language)
                : OfProcessing(ProcessingActivity.Of(db.Model), processors, wanted.Language),
            wanted.Format
        );
    }

    private RegisterDocument OfProcessing(
        IReadOnlyList<ProcessingActivity> activities,
        IReadOnlyList<Processor> processors,
        Language language
    ) =>
        new(
            "processing",
            Pick(language, "Registre des activités de traitement", "Records of processing activities"),
            language,
            [
                .. Facts(language),
                (
                    "security_measures",
                    Pick(language, "Mesures de sécurité (art. 32)", "Security measures (art. 32)"),
                    string.Join(
                        ' ',
                        Measures.Select(m => clauses.Find(m)!).Select(c => Pick(language, c.Text.Fr, c.Text.En))
                    )
                ),
            ],
            [
                new("purpose", Pick(language, "Finalité", "Purpose")),
                new("legal_basis", Pick(language, "Base légale", "Legal basis")),
                new("persons", Pick(language, "Personnes concernées", "Persons")),
                new("categories", Pick(language, "Catégories de données", "Categories of data")),
                new("sources", Pick(language, "Sources", "Sources")),
                new("recipients", Pick(language, "Destinataires", "Recipients")),
                new("transfers", Pick(language, "Transferts hors UE", "Transfers outside the EU")),
                new("retention", Pick(language, "Effacement", "Erasure")),
                new("stores", Pick(language, "Tables", "Tables")),
            ],
            [.. activities.Select(a => Row(a, [.. processors.Where(p => p.Purposes.Contains(a.Purpose))], language))]
        );

    private static IReadOnlyList<string> Row(
        ProcessingActivity activity,
        IReadOnlyList<Processor> recipients,
        Language language
    ) =>
        [
            Of(activity.Purpose, language),
            Of(activity.Basis, language),
            Join(activity.Persons.Select(p => Of(p, language))),
            Join(activity.Categories.Select(c => Of(c, language))),
            Join(activity.Sources.Select(s => Of(s, language))),
            Join([Of(PersonKind.Staff, language), .. recipients.Select(r => $"{r.LegalName} ({r.Country})")]),
            Transfers(recipients, language),
            Join(activity.Retention.Select(r => Of(r, language))),
            Join(activity.Tables),
        ];

    private static string Transfers(IReadOnlyList<Processor> recipients, Language language)
    {
        var outside = recipients
            .Where(r => !r.IsInEea)
            .Select(r => $"{r.LegalName} ({r.Country}): {r.Adequacy}")
            .ToList();
        return outside.Count == 0 ? Pick(language, "Aucun", "None") : Join(outside);
    }

    private RegisterDocument OfProcessors(IReadOnlyList<Processor> processors, Language language) =>
        new(
            "processors",
            Pick(language, "Registre des sous-traitants", "Register of processors"),
            language,
            Facts(language),
            [
                new("name", Pick(language, "Nom court", "Short name")),
                new("legal_name", Pick(language, "Société", "Company")),
                new("role", Pick(language, "Rôle", "Role")),
                new("country", Pick(language, "Pays", "Country")),
                new("purposes", Pick(language, "Finalités", "Purposes")),
                new("agreement_date", Pick(language, "Accord signé le (art. 28)", "Agreement signed on (art. 28)")),
                new(
                    "agreement_digest",
                    Pick(language, "Empreinte de l'accord (SHA-256)", "Digest of the agreement (SHA-256)")
                ),
                new("adequacy", Pick(language, "Décision d'adéquation", "Adequacy decision")),
                new("privacy_contact", "Contact (art. 19)"),
                new("hosts", Pick(language, "Hôtes", "Hosts")),
                new("version", "Version"),
            ],
            [
                .. processors.Select(p =>
                    (IReadOnlyList<string>)
                        [
                            p.Name,
                            p.LegalName,
                            Of(p.Role, language),
                            p.Country,
                            Join(p.Purposes.Select(purpose => Of(purpose, language))),
                            p.AgreementDate is { } date ? LocalDatePattern.Iso.Format(date) : "",
                            p.AgreementObject ?? "",
                            p.IsInEea ? Pick(language, "Inutile (EEE)", "Not needed (EEA)") : p.Adequacy,
                            p.PrivacyContact,
                            Join(p.Hosts),
                            p.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        ]
                ),
            ]
        );

    private List<(string, string, string)> Facts(Language language) =>
        [
            (
                "controller",
                Pick(language, "Responsable du traitement", "Controller"),
                $"{controller.Name} ({controller.Brand}), {controller.PostalAddress}, SIREN {controller.SirenInGroups}, {controller.Email}"
            ),
            ("date", Pick(language, "État au", "As of"), LetterDates.Text(clock.GetCurrentInstant(), language)),
        ];

    private static string Join(IEnumerable<string> values) => string.Join(", ", values);
}
