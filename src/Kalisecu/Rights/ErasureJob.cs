using Kalisecu.Jobs;
using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Carries out what staff have approved, and tidies up what has expired.</summary>
internal sealed class ErasureJob(
    ErasureJournal journal,
    JournalGate gate,
    ExecuteErasure execute,
    RemoveExpiredExports exports,
    DropSecrets secrets
) : IWorkerJob
{
    public static WorkerJobs Jobs { get; } =
        new(
            services => RightsModule.AddErasures(services),
            WorkerJob.Of<ErasureJob>(
                new JobDefinition(
                    "execute-erasures",
                    "Erases persons whose erasure was approved, store by store, and removes expired copies of data and their links",
                    Schedule.EveryMinutes(1),
                    Duration.FromMinutes(30)
                )
            )
        );

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        await journal.BeginAsync(cancellationToken);

        // On a restored database the replay comes first: it knows whom nobody was told of again.
        var forgotten = await gate.FindForgottenAsync(movesMark: true, cancellationToken);
        if (forgotten.Count > 0)
        {
            return JobOutcome.Failed($"{forgotten.Count} erasures of the journal wait for replay-erasures");
        }

        run.Count("erased_persons", await execute.RunDueAsync(cancellationToken));
        run.Count("removed_exports", await exports.RunAsync(cancellationToken));
        run.Count("dropped_secrets", await secrets.RunAsync(cancellationToken));
        await gate.FindForgottenAsync(movesMark: true, cancellationToken);
        return JobOutcome.Done;
    }
}
