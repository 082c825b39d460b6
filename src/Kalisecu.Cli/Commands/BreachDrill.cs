using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Breaches.V1;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli.Commands;

/// <summary>
/// The whole procedure on a marked breach, as the person on call would run it. Its letters come to us; what it leaves in the
/// chain of evidence shows that the procedure was exercised.
/// </summary>
internal static class BreachDrill
{
    private const string SummaryFr = "Exercice : un rapport d'audit a été envoyé à un autre client que le sien.";
    private const string SummaryEn = "Exercise: an audit report was sent to another client than its own.";
    private const string AdviceFr = "Exercice : le destinataire l'a détruit ; vous n'avez rien à faire.";
    private const string AdviceEn = "Exercise: the recipient destroyed it; there is nothing for you to do.";

    private static readonly TimeSpan LettersWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    public static Command Create() =>
        new Leaf("drill", "Exercise the whole procedure; its letters come to us alone", "breach drill").Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var client = BreachCommand.Client(connection);
        var breach = await DecideAsync(run, client, cancellationToken);
        breach = await NotifyAsync(run, client, breach.BreachId, cancellationToken);
        breach = await TellAsync(run, client, breach.BreachId, cancellationToken);
        var closed = await client.CloseBreachAsync(
            new CloseBreachRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = breach.BreachId,
                Lessons = "Exercice mené de la déclaration à la clôture par la ligne de commande.",
            },
            cancellationToken: cancellationToken
        );
        run.Output.Say("The procedure was exercised to its end.");
        return BreachCommand.Print(run, closed.Breach);
    }

    private static async Task<Breach> DecideAsync(
        Invocation run,
        BreachService.BreachServiceClient client,
        CancellationToken cancellationToken
    )
    {
        // The server's clock may be a little behind ours.
        var now = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1));
        var declared = await client.DeclareBreachAsync(
            new DeclareBreachRequest
            {
                RequestId = Changes.RequestId(),
                Facts = SummaryFr,
                Circumstances = "Exercice : signalé par le destinataire.",
                OccurTime = now,
                DetectTime = now,
                Drill = true,
            },
            cancellationToken: cancellationToken
        );
        var id = declared.Breach.BreachId;
        run.Output.Say($"Declared {declared.Breach.Reference}.");
        var aware = await client.RecordAwarenessAsync(
            new RecordAwarenessRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                AwareTime = now,
                Grounds = "Exercice : le destinataire a montré le rapport.",
            },
            cancellationToken: cancellationToken
        );
        run.Output.Say($"Aware; due {Show.Time(aware.Breach.Clock.DueTime)}.");
        await client.AssessBreachAsync(
            new AssessBreachRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                Assessment = Assessment(),
            },
            cancellationToken: cancellationToken
        );
        var decided = await client.DecideNotificationAsync(
            new DecideNotificationRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                Decision = NotificationDecision.Notify,
                Reasons = "Exercice : un risque élevé est supposé.",
            },
            cancellationToken: cancellationToken
        );
        run.Output.Say("Assessed, and decided to notify.");
        return decided.Breach;
    }

    private static async Task<Breach> NotifyAsync(
        Invocation run,
        BreachService.BreachServiceClient client,
        string id,
        CancellationToken cancellationToken
    )
    {
        var file = await client.GetNotificationFileAsync(
            new GetNotificationFileRequest { BreachId = id },
            cancellationToken: cancellationToken
        );
        run.Output.Say(
            file.MissingFields.Count == 0
                ? "The file for the CNIL is complete."
                : $"The file for the CNIL lacks: {string.Join(", ", file.MissingFields)}."
        );
        await FileAsync(client, id, complete: false, "EXERCICE-1", cancellationToken);
        var affected = await client.FindAffectedAsync(
            new FindAffectedRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                Stores = { "members" },
            },
            cancellationToken: cancellationToken
        );
        run.Output.Say($"Notified; {affected.Breach.Reach.PersonCount} persons found for the exercise.");
        return affected.Breach;
    }

    private static async Task<Breach> TellAsync(
        Invocation run,
        BreachService.BreachServiceClient client,
        string id,
        CancellationToken cancellationToken
    )
    {
        await client.DecideCommunicationAsync(
            new DecideCommunicationRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                Communication = CommunicationDecision.Tell,
                Reasons = "Exercice : un risque élevé est supposé.",
            },
            cancellationToken: cancellationToken
        );
        await client.TellPersonsAsync(
            new TellPersonsRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                SummaryFr = SummaryFr,
                SummaryEn = SummaryEn,
                AdviceFr = AdviceFr,
                AdviceEn = AdviceEn,
            },
            cancellationToken: cancellationToken
        );
        await client.TellClientsAsync(
            new TellClientsRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                SummaryFr = SummaryFr,
                SummaryEn = SummaryEn,
                AdviceFr = AdviceFr,
                AdviceEn = AdviceEn,
            },
            cancellationToken: cancellationToken
        );
        await FileAsync(client, id, complete: true, "EXERCICE-2", cancellationToken);
        return await LettersAsync(run, client, id, cancellationToken);
    }

    private static async Task FileAsync(
        BreachService.BreachServiceClient client,
        string id,
        bool complete,
        string receipt,
        CancellationToken cancellationToken
    )
    {
        var finished = await client.FinishNotificationAsync(
            new FinishNotificationRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                Complete = complete,
            },
            cancellationToken: cancellationToken
        );
        await client.RecordNotificationReceiptAsync(
            new RecordNotificationReceiptRequest
            {
                RequestId = Changes.RequestId(),
                BreachId = id,
                ReceiptNumber = receipt,
                SubmitTime = finished.Breach.Notifications[^1].FinishTime,
            },
            cancellationToken: cancellationToken
        );
    }

    /// <summary>Waits for the worker: a drill that its worker does not take part in has failed.</summary>
    private static async Task<Breach> LettersAsync(
        Invocation run,
        BreachService.BreachServiceClient client,
        string id,
        CancellationToken cancellationToken
    )
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await client.GetBreachAsync(
                new GetBreachRequest { BreachId = id },
                cancellationToken: cancellationToken
            );
            if (Waiting(answer.Breach.PersonsTelling) + Waiting(answer.Breach.ClientsTelling) == 0)
            {
                run.Output.Say("The letters are written; they come to us.");
                return answer.Breach;
            }

            if (TimeProvider.System.GetElapsedTime(start) > LettersWithin)
            {
                throw new StepFailed(
                    "the letters of the exercise were not written within 5 minutes",
                    "is the breach-notification worker running? See 'kalisecu jobs list'"
                );
            }

            await Task.Delay(LookEvery, TimeProvider.System, cancellationToken);
        }
    }

    private static int Waiting(BreachTelling telling) =>
        telling.RecipientCount - telling.PostedCount - telling.UnreachableCount;

    private static BreachAssessment Assessment() =>
        new()
        {
            Natures = { BreachNature.Confidentiality },
            Origin = BreachOrigin.WrongRecipient,
            Cause = BreachCause.InternalAccidental,
            Data = { BreachData.Contact, BreachData.CivilStatus },
            RecordCount = 1,
            Persons = { BreachPersons.Clients },
            PersonCount = 3,
            MeasuresBefore = "Exercice : chiffrement, isolation des clients.",
            Consequences = "Exercice : un tiers a lu un rapport.",
            Harms = { BreachHarm.LossOfControl },
            Severity = BreachSeverity.Limited,
            Risk = BreachRisk.High,
            MeasuresAfter = "Exercice : destruction confirmée par le destinataire.",
        };
}
