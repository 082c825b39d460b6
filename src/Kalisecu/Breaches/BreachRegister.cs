using System.Globalization;
using Kalisecu.Compliance;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Breaches;

/// <summary>The register of GDPR art. 33(5): the facts of every breach, its effects and what was done, also where nobody was notified.</summary>
internal sealed class BreachRegister(BreachRecords records, ControllerProfile controller, IClock clock)
{
    private static readonly RegisterColumn[] Columns =
    [
        new("reference", "Référence"),
        new("state", "État"),
        new("detect_time", "Premier signe"),
        new("occur_time", "Début"),
        new("end_time", "Fin"),
        new("aware_time", "Prise de connaissance"),
        new("due_time", "Échéance des 72 heures"),
        new("facts", "Faits"),
        new("natures", "Nature"),
        new("data", "Données concernées"),
        new("person_count", "Personnes concernées"),
        new("effects", "Effets"),
        new("risk", "Risque"),
        new("measures", "Mesures prises"),
        new("decision", "Décision"),
        new("decision_reasons", "Motifs de la décision"),
        new("notifications", "Notifications à la CNIL"),
        new("communication", "Information des personnes"),
        new("communication_reasons", "Motifs"),
        new("clients_tell_time", "Information des clients (art. 33.2)"),
        new("close_time", "Clôture"),
        new("lessons", "Enseignements"),
    ];

    public async Task<RegisterDocument> WriteAsync(KalisecuDb db, bool drills, CancellationToken cancellationToken)
    {
        var breaches = await db.Set<Breach>()
            .AsNoTracking()
            .Where(b => b.TenantId == TenantScope.Platform && b.Drill == drills)
            .OrderBy(b => b.CreateTime)
            .ThenBy(b => b.BreachId)
            .ToListAsync(cancellationToken);
        var notifications = (
            await db.Set<BreachNotification>()
                .AsNoTracking()
                .Where(n => n.TenantId == TenantScope.Platform && n.SubmitTime != null)
                .OrderBy(n => n.Number)
                .ToListAsync(cancellationToken)
        ).ToLookup(n => n.BreachId);
        return new RegisterDocument(
            "breaches",
            drills
                ? "Registre des exercices de violation de données"
                : "Registre des violations de données (art. 33.5)",
            Language.Fr,
            [
                ("controller", "Responsable du traitement", $"{controller.Name}, SIREN {controller.SirenInGroups}"),
                ("address", "Adresse", controller.PostalAddress),
                ("contact", "Contact", controller.Email),
                ("create_time", "Établi le", Iso(clock.GetCurrentInstant())),
            ],
            Columns,
            [.. breaches.Select(b => Row(b, notifications[b.BreachId]))]
        );
    }

    private string[] Row(Breach breach, IEnumerable<BreachNotification> notifications)
    {
        var said = records.OpenAssessment(breach);
        var count = breach.Telling.ReachTime is not null ? breach.Telling.ReachPersonCount : said?.PersonCount ?? 0;
        return
        [
            breach.Reference,
            BreachWords.Of(breach.State),
            Iso(breach.DetectTime),
            Iso(breach.OccurTime),
            Iso(breach.EndTime),
            Iso(breach.Phases.AwareTime),
            Iso(breach.Phases.DueTime),
            Open(breach.Facts, "facts", breach),
            Join(said?.Natures, BreachWords.Of),
            Join(said?.Data, BreachWords.Of),
            count.ToString(CultureInfo.InvariantCulture),
            said?.Consequences ?? "",
            breach.Risk is { } risk ? BreachWords.Of(risk) : "",
            said?.MeasuresAfter ?? "",
            breach.Phases.Decision is { } decision ? BreachWords.Of(decision) : "",
            Open(breach.Phases.DecisionReasons, "decision_reasons", breach),
            string.Join("; ", notifications.Select(n => $"{n.ReceiptNumber} ({Iso(n.SubmitTime)})")),
            breach.Telling.Communication is { } communication ? BreachWords.Of(communication) : "",
            Open(breach.Telling.CommunicationReasons, "communication_reasons", breach),
            Iso(breach.Telling.ClientsTellTime),
            Iso(breach.CloseTime),
            Open(breach.Lessons, "lessons", breach),
        ];
    }

    private string Open(byte[]? value, string what, Breach breach) => records.Open(value, what, breach.BreachId);

    private static string Join<T>(IReadOnlyList<T>? values, Func<T, string> words) =>
        string.Join(", ", (values ?? []).Select(words));

    private static string Iso(Instant? moment) => moment is { } known ? InstantPattern.ExtendedIso.Format(known) : "";
}
