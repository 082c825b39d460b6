using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Records that persons (GDPR art. 34) or clients (art. 33(2)) are told, and in which words; the worker writes the letters.</summary>
internal sealed class AskForLetters(BreachRecords records, IClock clock)
{
    public async Task RunAsync(
        KalisecuDb db,
        Breach breach,
        (BreachAudience Audience, BreachWording Wording) telling,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var isPersons = telling.Audience is BreachAudience.Person;
        var what = isPersons ? "persons_text" : "clients_text";
        var text = records.Seal(BreachLetters.ToJson(telling.Wording), what, breach.BreachId);
        if (isPersons)
        {
            breach.TellPersons(text, clock.GetCurrentInstant());
        }
        else
        {
            breach.TellClients(text, clock.GetCurrentInstant());
        }

        await records.RecordAsync(
            db,
            breach,
            isPersons ? "persons_told" : "clients_told",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["person_count"] = breach.Telling.ReachPersonCount,
                ["client_count"] = breach.Telling.ReachClientCount,
            },
            cancellationToken
        );
    }
}
