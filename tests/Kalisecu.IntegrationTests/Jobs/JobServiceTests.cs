using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Jobs.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Kalisecu.TestWorker;
using NodaTime;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>Jobs as staff sees and moves them: a real server and a real worker.</summary>
public sealed class JobServiceTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly JobService.JobServiceClient _jobs = new(server.Channel(SpiffeKind.Frontend, "desk"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_starts_a_run_follows_it_and_cancels_it()
    {
        var staff = await server.Given.SignedInAsync(Role.StaffAdministrator);
        await using var worker = new AWorker(server.Database);
        worker.Start();
        await WaitForJobsAsync(staff);

        var started = await StartAsync(staff);
        using var watch = _jobs.WatchJobRun(
            new WatchJobRunRequest { RunId = started.RunId },
            staff,
            cancellationToken: Cancel
        );
        var cancelled = false;
        JobRun? last = null;
        await foreach (var seen in watch.ResponseStream.ReadAllAsync(Cancel))
        {
            last = seen.Run;
            if (last is { State: JobRunState.Running, ProgressDone: > 0 } && !cancelled)
            {
                cancelled = true;
                await _jobs.CancelJobRunAsync(
                    new CancelJobRunRequest { RunId = started.RunId },
                    staff,
                    cancellationToken: Cancel
                );
            }
        }

        Assert.Equal(JobRunState.Requested, started.State);
        Assert.Equal(JobRunState.Cancelled, last?.State);
        Assert.True(last!.Counts["rounds"] > 0);
        Assert.StartsWith("staff:", last.CancelActor, StringComparison.Ordinal);
        await Refused.WithAsync(
            ErrorReason.JobStartRequested,
            async () =>
            {
                worker.KillAll();
                await StartAsync(staff);
                await StartAsync(staff);
            }
        );
    }

    [Fact]
    public async Task A_job_that_nobody_runs_is_late_and_an_unknown_one_is_refused()
    {
        var staff = await server.Given.SignedInAsync(Role.StaffDpo);
        await using (var worker = new AWorker(server.Database))
        {
            worker.Start();
            await WaitForJobsAsync(staff);
        }

        var before = await JobAsync(staff, "each-hour-1");
        server.Clock.Advance(Duration.FromHours(7));
        staff = await server.Given.SignedInAsync(Role.StaffDpo);
        var after = await JobAsync(staff, "each-hour-1");

        Assert.False(before.Late);
        Assert.True(after.Late);
        await Refused.WithAsync(
            ErrorReason.JobUnknown,
            async () =>
                await _jobs.StartJobAsync(new StartJobRequest { Job = "no-such-job" }, staff, cancellationToken: Cancel)
        );
    }

    private async Task<JobRun> StartAsync(Metadata staff) =>
        (
            await _jobs.StartJobAsync(new StartJobRequest { Job = TestJobs.Endless }, staff, cancellationToken: Cancel)
        ).Run;

    private async Task<Job> JobAsync(Metadata staff, string name) =>
        (await _jobs.ListJobsAsync(new ListJobsRequest(), staff, cancellationToken: Cancel)).Jobs.Single(j =>
            string.Equals(j.Name, name, StringComparison.Ordinal)
        );

    private async Task WaitForJobsAsync(Metadata staff)
    {
        while ((await _jobs.ListJobsAsync(new ListJobsRequest(), staff, cancellationToken: Cancel)).Jobs.Count == 0)
        {
            await Task.Delay(100, Cancel);
        }
    }
}
