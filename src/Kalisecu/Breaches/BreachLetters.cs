using System.Globalization;
using System.Text.Json;
using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Letters about breaches: alarms to us, and what persons and clients are told.</summary>
internal sealed class BreachLetters(
    LetterBox letters,
    LetterTemplates templates,
    ControllerProfile controller,
    BreachOptions options,
    BreachRecords records
)
{
    public const string CauseType = "breach";

    /// <summary>Whom alarms go to.</summary>
    public IReadOnlyList<string> Recipients => Distinct(options.Recipients, controller.DpoAddress, controller.Email);

    /// <summary>Whom they go to when nobody acknowledges.</summary>
    public IReadOnlyList<string> Escalation =>
        [.. Recipients.Union(Distinct(options.Escalation, controller.Email), StringComparer.OrdinalIgnoreCase)];

    /// <summary>Posts one alarm to everybody, each once whatever is repeated.</summary>
    public Task<int> AlarmAsync(KalisecuDb db, Breach breach, BreachAlarm alarm, CancellationToken cancellationToken) =>
        PostAsync(db, breach, alarm, escalates: false, Recipients, cancellationToken);

    /// <summary>Posts to more people that nobody has acknowledged, up to this alarm.</summary>
    public Task<int> EscalateAsync(
        KalisecuDb db,
        Breach breach,
        BreachAlarm alarm,
        CancellationToken cancellationToken
    ) => PostAsync(db, breach, alarm, escalates: true, Escalation, cancellationToken);

    /// <summary>The letter of one audience.</summary>
    public LetterText Write(
        Breach breach,
        BreachAudience audience,
        Language language,
        (string Summary, string Advice) wording,
        string name
    )
    {
        var hello = language is Language.Fr ? "Bonjour" : "Hello";
        var harms = records.OpenAssessment(breach)?.Harms ?? [];
        return templates.Render(
            audience is BreachAudience.Person ? "breach-person" : "breach-client",
            language,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["drill"] = breach.Drill,
                ["number"] = breach.Reference,
                ["greeting"] = name.Length > 0 ? $"{hello} {name}," : $"{hello},",
                ["summary"] = wording.Summary,
                ["advice"] = wording.Advice,
                ["occurred"] = breach.OccurTime ?? breach.DetectTime,
                ["aware"] = breach.Phases.AwareTime ?? breach.DetectTime,
                ["categories"] = breach
                    .Telling.ReachCategories.Select(c => BreachWords.OfCategory(c, language))
                    .ToList(),
                ["anyharm"] = harms.Count > 0,
                ["harms"] = harms.Select(h => BreachWords.Of(h, language)).ToList(),
                ["contact"] = controller.DpoAddress,
            }
        );
    }

    /// <summary>The letter to one recipient, of a breach whose letters were asked for.</summary>
    public LetterDraft Draft(Breach breach, BreachRecipient recipient, PersonIdentity identity)
    {
        var isPerson = recipient.Audience is BreachAudience.Person;
        var wording = OpenWording(breach, recipient.Audience);
        var said =
            identity.Language is Language.Fr
                ? (wording.SummaryFr, wording.AdviceFr)
                : (wording.SummaryEn, wording.AdviceEn);
        return new LetterDraft(
            string.Create(
                CultureInfo.InvariantCulture,
                $"breach/{breach.BreachId:D}/{recipient.Audience}/{recipient.PersonId:D}"
            ),
            isPerson ? "breach.person" : "breach.client",
            LetterNature.Required,
            // In an exercise the letter is ours: it is not about whom it would go to.
            breach.Drill
                ? null
                : recipient.PersonId,
            breach.Drill ? controller.DpoAddress : identity.Email,
            identity.Language,
            Write(breach, recipient.Audience, identity.Language, said, breach.Drill ? "" : identity.Name),
            CauseType,
            breach.BreachId
        );
    }

    public static string ToJson(BreachWording wording) => JsonSerializer.Serialize(wording);

    private BreachWording OpenWording(Breach breach, BreachAudience audience)
    {
        var (text, what) =
            audience is BreachAudience.Person
                ? (breach.Telling.PersonsText, "persons_text")
                : (breach.Telling.ClientsText, "clients_text");
        return JsonSerializer.Deserialize<BreachWording>(records.Open(text, what, breach.BreachId))
            ?? throw new InvalidOperationException("There is no wording in what was sealed as one.");
    }

    private async Task<int> PostAsync(
        KalisecuDb db,
        Breach breach,
        BreachAlarm alarm,
        bool escalates,
        IReadOnlyList<string> recipients,
        CancellationToken cancellationToken
    )
    {
        var due = alarm.Phase is AlarmPhase.Initial ? breach.Phases.DueTime : breach.Phases.ComplementDueTime;
        var text = templates.Render(
            "breach-alarm",
            options.Language,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["id"] = breach.BreachId.ToString("D"),
                ["number"] = breach.Reference,
                ["drill"] = breach.Drill,
                ["escalates"] = escalates,
                ["complementary"] = alarm.Phase is AlarmPhase.Complementary,
                ["hours"] = alarm.Hours,
                ["aware"] = breach.Phases.AwareTime!.Value,
                ["due"] = due ?? alarm.AlarmTime,
                ["late"] = alarm.AlarmTime > due,
                ["assessed"] = breach.Assessment is not null,
                ["decided"] = breach.Phases.Decision is not null,
            }
        );
        var kind = escalates ? "escalation" : "alarm";
        var count = 0;
        foreach (var recipient in recipients)
        {
            var draft = new LetterDraft(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"breach/{breach.BreachId:D}/{kind}/{alarm.Phase}/{alarm.Hours}/{recipient}"
                ),
                "breach." + kind,
                LetterNature.Service,
                PersonId: null,
                recipient,
                options.Language,
                text,
                CauseType,
                breach.BreachId
            );
            count += await letters.PostAsync(db, draft, cancellationToken) ? 1 : 0;
        }

        return count;
    }

    private static IReadOnlyList<string> Distinct(IReadOnlyList<string> configured, params string[] otherwise) =>
        [.. (configured.Count > 0 ? configured : otherwise).Distinct(StringComparer.OrdinalIgnoreCase)];
}
