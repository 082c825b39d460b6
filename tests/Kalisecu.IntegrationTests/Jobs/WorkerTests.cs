using System.Diagnostics;
using System.Runtime.InteropServices;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.TestKit;
using Kalisecu.TestWorker;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>Workers as they run: several processes over one database.</summary>
public sealed class WorkerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_can_be_run_once_from_cron_and_its_exit_code_says_how_it_went()
    {
        await using var worker = new AWorker(database);

        var good = await EndAsync(worker.Start("--once", "each-hour-1"));
        var unknown = await EndAsync(worker.Start("--once", "no-such-job"));

        Assert.Equal((0, 66), (good, unknown));
    }

    [Fact]
    public async Task A_run_whose_process_is_killed_is_taken_over_by_another()
    {
        await using var worker = new AWorker(database);
        var first = worker.Start();
        var runId = await worker.RequestAsync(TestJobs.Endless);
        var begun = await worker.WaitAsync(runs => runs.Any(r => r.RunId == runId && r.Done > 0));
        var second = worker.Start();

        WorkerProcess.Kill(first);
        var host = begun.Single(r => r.RunId == runId).Host;
        var taken = await worker.WaitAsync(runs =>
            runs.Any(r => r.RunId == runId && !string.Equals(r.Host, host, StringComparison.Ordinal))
        );

        var run = taken.Single(r => r.RunId == runId);
        Assert.True(run.IsRecovery);
        Assert.Equal(JobRunState.Running, run.State);

        await worker.CancelAsync(runId);
        var cancelled = await worker.WaitAsync(runs =>
            runs.Any(r => r.RunId == runId && r.State is not JobRunState.Running)
        );
        Assert.Equal(JobRunState.Cancelled, cancelled.Single(r => r.RunId == runId).State);

        // Told to stop while it runs nothing, it does so at once.
        ChildProcess.Signal(second.Id, PosixSignal.SIGTERM);
        Assert.Equal(0, await EndAsync(second));
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_hands_its_run_over()
    {
        await using var worker = new AWorker(database);
        var first = worker.Start();
        var runId = await worker.RequestAsync(TestJobs.Endless);
        await worker.WaitAsync(runs => runs.Any(r => r.RunId == runId && r.Done > 0));
        worker.Start();

        ChildProcess.Signal(first.Id, PosixSignal.SIGTERM);
        await EndAsync(first);

        await worker.WaitAsync(runs =>
            runs.Any(r => r.RunId == runId && r is { State: JobRunState.Running, IsRecovery: true })
        );
        await worker.CancelAsync(runId);
        await worker.WaitAsync(runs => runs.Any(r => r.RunId == runId && r.State is JobRunState.Cancelled));
    }

    private static async Task<int> EndAsync(Process process)
    {
        await process.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        return process.ExitCode;
    }
}
