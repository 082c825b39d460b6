using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Erases again whom a restored database has forgotten; the server does not open before.</summary>
internal static class ErasureReplay
{
    /// <summary>Replays the journal against the database of this machine.</summary>
    /// <param name="settingsFile">Those of the retention worker.</param>
    /// <param name="acceptsWithoutHead">Whether an operator takes a journal of unknown length to be whole.</param>
    /// <param name="cancellationToken">Ends it; it can be repeated.</param>
    /// <returns>How many erasures were carried out again.</returns>
    public static async Task<int> RunAsync(
        string settingsFile,
        bool acceptsWithoutHead,
        CancellationToken cancellationToken
    )
    {
        using var host = WorkerHost.Build(
            SettingsFile.Read<WorkerSettings>(settingsFile),
            Worker.Retention,
            [ErasureJob.Jobs]
        );
        var outcome = await host
            .Services.GetRequiredService<ReplayErasures>()
            .RunAsync(acceptsWithoutHead, cancellationToken);
        return outcome.Remaining == 0
            ? outcome.Forgotten
            : throw new StepFailed(
                $"{outcome.Remaining} of {outcome.Forgotten} forgotten erasures are not complete",
                "read the log above, mend the store that failed, then run this again"
            );
    }
}
