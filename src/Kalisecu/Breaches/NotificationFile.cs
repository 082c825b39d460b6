using System.Globalization;
using System.Text.Json.Nodes;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Breaches;

/// <summary>
/// Fills the CNIL's online form for notifications from what is recorded: its fourteen parts, in its order and its language.
/// </summary>
internal sealed class NotificationFile(BreachRecords records, ControllerProfile controller, BreachOptions options)
{
    /// <summary>The file for one notification.</summary>
    /// <param name="number">1 for the first.</param>
    public NotificationDocument Write(
        Breach breach,
        IReadOnlyList<BreachNotification> notifications,
        int number,
        string delayReasons,
        Instant now
    )
    {
        var said = records.OpenAssessment(breach);
        var initial = notifications.FirstOrDefault(n => n.IsInitial);
        var isInitial = number == 1;
        return new NotificationDocument(
            $"Notification de violation de données à caractère personnel {breach.Reference} : "
                + (isInitial ? "notification initiale" : $"notification complémentaire n° {number - 1}"),
            breach.Drill,
            [
                new(
                    "type",
                    "Type de notification",
                    [
                        Text("kind", "Type", isInitial ? "initiale" : "complémentaire"),
                        Text(
                            "initial_receipt_number",
                            "Numéro de la notification initiale",
                            isInitial ? "" : initial?.ReceiptNumber ?? "",
                            needed: !isInitial
                        ),
                    ]
                ),
                Organisation(),
                new(
                    "representative",
                    "Représentant légal",
                    [Text("representative_name", "Nom", options.LegalRepresentative)]
                ),
                Contact(),
                new(
                    "others",
                    "Autres organismes impliqués",
                    [Text("other_organisations", "Organismes", said?.OtherOrganisations ?? "", needed: false)]
                ),
                Dates(breach, isInitial && breach.IsLate(now), delayReasons),
                Nature(breach, said),
                .. Subjects(breach, said),
                .. Effects(said),
                Communication(breach),
                Elsewhere(said),
            ]
        );
    }

    private NotificationSection Organisation() =>
        new(
            "organisation",
            "Organisme",
            [
                Text("siren", "SIREN", controller.Siren),
                Text("name", "Nom", controller.Name),
                Text("vat_number", "Numéro de TVA", options.VatNumber),
                Text("sector", "Secteur d'activité", options.Sector),
                Number("staff_count", "Effectif", options.StaffCount),
                Text("address", "Adresse", controller.PostalAddress),
            ]
        );

    private NotificationSection Contact() =>
        new(
            "contact",
            "Personne à contacter",
            [
                Text("contact_name", "Nom", options.ContactName),
                Text("contact_function", "Fonction", options.ContactFunction),
                Text("contact_email", "Adresse électronique", controller.DpoAddress),
                Text("contact_phone", "Téléphone", options.ContactPhone),
            ]
        );

    private NotificationSection Dates(Breach breach, bool late, string delayReasons) =>
        new(
            "dates",
            "Dates",
            [
                Time("occur_time", "Début de la violation", breach.OccurTime),
                Time("end_time", "Fin de la violation", breach.EndTime, needed: false),
                YesNo("ongoing", "Violation en cours", breach.EndTime is null),
                Time("detect_time", "Premier signe constaté", breach.DetectTime),
                Time("aware_time", "Prise de connaissance", breach.Phases.AwareTime),
                Text(
                    "aware_grounds",
                    "Faits fondant la prise de connaissance",
                    Open(breach.AwareGrounds, "aware_grounds", breach)
                ),
                Text(
                    "circumstances",
                    "Circonstances de la découverte",
                    Open(breach.Circumstances, "circumstances", breach)
                ),
                Text("delay_reasons", "Motifs du retard", delayReasons, needed: late),
            ]
        );

    private NotificationSection Nature(Breach breach, BreachAssessment? said) =>
        new(
            "nature",
            "Nature et origine",
            [
                List("natures", "Nature", said?.Natures, BreachWords.Of),
                One("origin", "Origine", said?.Origin, BreachWords.Of),
                One("cause", "Cause", said?.Cause, BreachWords.Of),
                Text("description", "Description", Open(breach.Facts, "facts", breach)),
            ]
        );

    private static IEnumerable<NotificationSection> Subjects(Breach breach, BreachAssessment? said)
    {
        var found = breach.Telling.ReachTime is not null;
        yield return new NotificationSection(
            "data",
            "Données et personnes",
            [
                List("data", "Données concernées", said?.Data, BreachWords.Of),
                Words(
                    "data_categories",
                    "Catégories relevées dans le système",
                    breach.Telling.ReachCategories,
                    c => BreachWords.OfCategory(c, Language.Fr)
                ),
                YesNo("sensitive_data", "Données sensibles (art. 9)", said?.SensitiveData),
                Number("record_count", "Nombre d'enregistrements", said?.RecordCount ?? 0),
                List("persons", "Personnes concernées", said?.Persons, BreachWords.Of),
                Words(
                    "person_kinds",
                    "Catégories relevées dans le système",
                    breach.Telling.ReachPersonKinds,
                    BreachWords.OfPersonKind
                ),
                Number(
                    "person_count",
                    "Nombre de personnes",
                    found ? breach.Telling.ReachPersonCount : said?.PersonCount ?? 0
                ),
            ]
        );
        yield return new NotificationSection(
            "measures_before",
            "Mesures de sécurité antérieures",
            [Text("measures_before", "Mesures", said?.MeasuresBefore ?? "")]
        );
    }

    private static IEnumerable<NotificationSection> Effects(BreachAssessment? said)
    {
        yield return new NotificationSection(
            "consequences",
            "Conséquences",
            [Text("consequences", "Conséquences par nature", said?.Consequences ?? "")]
        );
        yield return new NotificationSection(
            "harms",
            "Préjudices",
            [
                List("harms", "Préjudices possibles", said?.Harms, h => BreachWords.Of(h, Language.Fr)),
                One("severity", "Niveau de gravité", said?.Severity, BreachWords.Of),
                One("risk", "Risque pour les personnes", said?.Risk, BreachWords.Of),
            ]
        );
        yield return new NotificationSection(
            "measures_after",
            "Mesures prises",
            [Text("measures_after", "Mesures prises ou prévues", said?.MeasuresAfter ?? "")]
        );
    }

    private NotificationSection Communication(Breach breach) =>
        new(
            "communication",
            "Information des personnes",
            [
                One("communication", "Personnes informées", breach.Telling.Communication, BreachWords.Of),
                Time(
                    "communication_time",
                    "Date d'information",
                    breach.Telling.PersonsTellTime,
                    breach.Telling.Communication is CommunicationDecision.Tell
                ),
                Text(
                    "communication_reasons",
                    "Motifs",
                    Open(breach.Telling.CommunicationReasons, "communication_reasons", breach)
                ),
                Number("told_count", "Personnes à informer", breach.Telling.ReachPersonCount, needed: false),
            ]
        );

    private static NotificationSection Elsewhere(BreachAssessment? said) =>
        new(
            "elsewhere",
            "Transfrontalier et autres notifications",
            [
                YesNo("cross_border", "Personnes d'autres États membres concernées", said?.CrossBorder),
                Text(
                    "other_notifications",
                    "Autres autorités et notifications",
                    said?.OtherNotifications ?? "",
                    needed: false
                ),
            ]
        );

    private string Open(byte[]? value, string what, Breach breach) => records.Open(value, what, breach.BreachId);

    private static NotificationField Text(string key, string label, string value, bool needed = true) =>
        new(key, label, value, value.Length == 0 ? null : JsonValue.Create(value), needed);

    private static NotificationField Number(string key, string label, long value, bool needed = true) =>
        value == 0
            ? new(key, label, "", null, needed)
            : new(key, label, value.ToString(CultureInfo.InvariantCulture), JsonValue.Create(value), needed);

    private static NotificationField YesNo(string key, string label, bool? value) =>
        value is { } known
            ? new(key, label, known ? "oui" : "non", JsonValue.Create(known), Needed: true)
            : new(key, label, "", null, Needed: true);

    private static NotificationField Time(string key, string label, Instant? value, bool needed = true) =>
        value is { } known
            ? new(
                key,
                label,
                LetterDates.Text(known, Language.Fr),
                JsonValue.Create(InstantPattern.ExtendedIso.Format(known)),
                needed
            )
            : new(key, label, "", null, needed);

    private static NotificationField One<T>(string key, string label, T? value, Func<T, string> words)
        where T : struct =>
        value is { } known
            ? new(key, label, words(known), JsonValue.Create(words(known)), Needed: true)
            : new(key, label, "", null, Needed: true);

    private static NotificationField List<T>(
        string key,
        string label,
        IReadOnlyList<T>? values,
        Func<T, string> words
    ) => values is { Count: > 0 } ? Words(key, label, values, words) : new(key, label, "", null, Needed: true);

    private static NotificationField Words<T>(string key, string label, IReadOnlyList<T> values, Func<T, string> words)
    {
        var shown = values.Select(words).ToList();
        return new(
            key,
            label,
            string.Join(", ", shown),
            new JsonArray([.. shown.Select(s => JsonValue.Create(s))]),
            Needed: false
        );
    }
}
