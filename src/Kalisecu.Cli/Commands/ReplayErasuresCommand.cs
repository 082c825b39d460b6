using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Cli.Commands;

/// <summary>Erases again whom a restored database has forgotten; the server does not open before.</summary>
internal static class ReplayErasuresCommand
{
    private static readonly Option<string> Settings = Options.Needed(
        "--settings",
        "FILE",
        "Settings of the retention worker: its database role is the one that may delete"
    );

    public static Command Create() =>
        new Leaf(
            "replay-erasures",
            "After a restore: carry out again the erasures that the journal knows and the database does not",
            "privacy-requests replay-erasures --settings retention-worker.json"
        )
        {
            Settings,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(
            SettingsFile.Read<WorkerSettings>(run.Get(Settings)),
            Worker.Retention,
            [ErasureJob.Jobs]
        );
        var outcome = await host.Services.GetRequiredService<ReplayErasures>().RunAsync(cancellationToken);
        if (outcome.Remaining > 0)
        {
            throw new StepFailed(
                $"{outcome.Remaining} of {outcome.Forgotten} forgotten erasures are not complete",
                "read the log above, mend the store that failed, then run this again"
            );
        }

        run.Output.Say(
            outcome.Forgotten > 0
                ? $"{outcome.Forgotten} erasures were carried out again."
                : "The database has forgotten none: nothing to do."
        );
        return ExitCodes.Ok;
    }
}
