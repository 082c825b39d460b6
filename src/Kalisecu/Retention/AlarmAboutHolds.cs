using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Writes to people when the day of a hold's review is over: once for each day that was set.</summary>
internal sealed class AlarmAboutHolds(
    AllTenants allTenants,
    LetterBox letters,
    LetterTemplates templates,
    ControllerProfile controller,
    WorkerSettings settings,
    IClock clock
) : IWorkerJob
{
    public static JobDefinition Definition { get; } =
        new(
            "alarm-about-holds",
            "Writes to people when a legal hold is past the day of its review",
            Schedule.Daily(7, 0),
            Duration.FromHours(12)
        );

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var today = Paris.DateOf(clock.GetCurrentInstant());
        var written = await allTenants.RunAsync(
            async db =>
            {
                var late = await db.Set<LegalHold>()
                    .AsNoTracking()
                    .Where(h => h.ReleaseTime == null && h.ReviewDate < today)
                    .OrderBy(h => h.ReviewDate)
                    .ToListAsync(cancellationToken);
                var count = 0;
                foreach (var hold in late)
                {
                    foreach (var recipient in Recipients())
                    {
                        count += await letters.PostAsync(db, Draft(hold, recipient), cancellationToken) ? 1 : 0;
                    }
                }

                return count;
            },
            cancellationToken
        );
        run.Count("letters", written);
        return JobOutcome.Done;
    }

    private IReadOnlyList<string> Recipients() =>
        settings.Alarms.Recipients.Count > 0 ? settings.Alarms.Recipients : [controller.DpoAddress];

    private LetterDraft Draft(LegalHold hold, string recipient) =>
        new(
            $"hold/{hold.HoldId:D}/{hold.ReviewDate}/{recipient}",
            "hold.review_late",
            LetterNature.Service,
            PersonId: null,
            recipient,
            settings.Alarms.Language,
            templates.Render(
                "hold-review-late",
                settings.Alarms.Language,
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["hold"] = hold.HoldId.ToString("D"),
                    ["reference"] = hold.Reference,
                    ["article"] = hold.Article,
                    ["review_date"] = hold.ReviewDate,
                }
            ),
            "legal_hold",
            hold.HoldId
        );
}
