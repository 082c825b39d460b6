using Kalisecu.Jobs;

namespace Kalisecu.Deliveries;

/// <summary>Sends what is due and ends; what is written while the worker lives goes at once, without this.</summary>
internal sealed class SendLetters(DeliverLetters deliver) : IWorkerJob
{
    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var counts = await deliver.RunAsync(cancellationToken);
        run.Count("sent", counts.Sent);
        run.Count("later", counts.Later);
        run.Count("suppressed", counts.Suppressed);
        run.Count("dead", counts.Dead);
        return counts.RelayDown ? JobOutcome.Failed("The mail relay takes nothing.") : JobOutcome.Done;
    }
}
