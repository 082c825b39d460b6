using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Jobs.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The jobs of the workers and their runs.</summary>
internal static class JobsCommand
{
    private static readonly Argument<string> Name = new("JOB") { Description = "Name of the job" };
    private static readonly Argument<string> Id = Options.Id("run", "Id of the run");
    private static readonly Option<string?> OfJob = Options.Text("--job", "JOB", "Only runs of this job");
    private static readonly Option<bool> Watch = new("--watch") { Description = "Follow the run to its end" };

    private static readonly Option<JobRunState[]> States = Words.Many<JobRunState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<Job>[] Columns =
    [
        new("Job", j => j.Name),
        new("Worker", j => j.Worker),
        new("Schedule", j => j.Schedule),
        new("Due", j => Show.Time(j.ExpectedTime)),
        new(
            "State",
            j =>
                j.Late ? "LATE"
                : j.Failed ? "FAILED"
                : "ok"
        ),
        new("Last run", j => j.LastRun is null ? "" : Words.Of(j.LastRun.State)),
        new("Begun", j => Show.Time(j.LastRun?.StartTime)),
        new("Took", j => Took(j.LastRun), IsNumber: true),
    ];

    private static readonly Column<JobRun>[] RunColumns =
    [
        new("Run", r => r.RunId),
        new("Job", r => r.Job),
        new("Cause", r => Words.Of(r.Cause)),
        new("State", r => Words.Of(r.State)),
        new("Begun", r => Show.Time(r.StartTime)),
        new("Took", Took, IsNumber: true),
        new("Counts", Counts),
        new("Problem", r => r.Problem),
    ];

    private static readonly Column<JobRun>[] Properties =
    [
        .. RunColumns,
        new("For", r => Show.Time(r.SlotTime)),
        new("Asked for", r => $"{Show.Time(r.CreateTime)} by {r.Actor}"),
        new("Ended", r => Show.Time(r.EndTime)),
        new("Next", r => Show.Time(r.NextTime)),
        new("Progress", Progress),
        new("Process", r => r.Host),
        new("Recovery", r => Show.YesNo(r.Recovery)),
        new("Cancelled", r => r.CancelTime is null ? "" : $"{Show.Time(r.CancelTime)} by {r.CancelActor}"),
    ];

    public static Command Create() =>
        new("jobs", "The workers' jobs and their runs")
        {
            new Leaf("list", "List jobs, when they are due and how they went", "jobs list") { Options.Limit }.Runs(
                List
            ),
            new Leaf("runs", "List runs, newest first", "jobs runs --job alarm-about-jobs --state failed")
            {
                OfJob,
                States,
                Options.Limit,
            }.Runs(Runs),
            new Leaf("show", "Show a run", "jobs show RUN") { Id }.Runs(ShowRun),
            new Leaf("start", "Ask for a run beside the schedule", "jobs start alarm-about-jobs --watch")
            {
                Name,
                Watch,
            }.Runs(Start),
            new Leaf("watch", "Follow a run to its end", "jobs watch RUN") { Id }.Runs(WatchRun),
            new Leaf("cancel", "Cancel a run", "jobs cancel RUN") { Id }.Runs(Cancel),
        };

    private static Task<int> List(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            client =>
                run.ListAsync(
                    new ListJobsRequest(),
                    client.ListJobsAsync,
                    page => page.Jobs,
                    Columns,
                    cancellationToken
                )
        );

    private static Task<int> Runs(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            client =>
                run.ListAsync(
                    new ListJobRunsRequest { Job = run.Get(OfJob) ?? "", States = { run.Get(States) } },
                    client.ListJobRunsAsync,
                    page => page.Runs,
                    RunColumns,
                    cancellationToken
                )
        );

    private static Task<int> ShowRun(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            async client =>
            {
                var request = new GetJobRunRequest { RunId = run.Get(Id) };
                var answer = await client.GetJobRunAsync(request, cancellationToken: cancellationToken);
                run.Output.Item(answer.Run, Properties);
                return ExitCodes.Ok;
            }
        );

    private static Task<int> Start(Invocation run, CancellationToken cancellationToken) =>
        StartAsync(run, run.Get(Name), run.Get(Watch), cancellationToken);

    /// <summary>Asks for a run of a job, and follows it to its end where that is wanted.</summary>
    public static Task<int> StartAsync(Invocation run, string job, bool watch, CancellationToken cancellationToken) =>
        WithClient(
            run,
            async client =>
            {
                var request = new StartJobRequest { RequestId = Changes.RequestId(), Job = job };
                var answer = await client.StartJobAsync(request, cancellationToken: cancellationToken);
                if (watch)
                {
                    return await FollowAsync(run, client, answer.Run.RunId, cancellationToken);
                }

                run.Output.Item(answer.Run, Properties);
                return ExitCodes.Ok;
            }
        );

    private static Task<int> WatchRun(Invocation run, CancellationToken cancellationToken) =>
        WithClient(run, client => FollowAsync(run, client, run.Get(Id), cancellationToken));

    private static Task<int> Cancel(Invocation run, CancellationToken cancellationToken) =>
        WithClient(
            run,
            async client =>
            {
                var request = new CancelJobRunRequest { RequestId = Changes.RequestId(), RunId = run.Get(Id) };
                var answer = await client.CancelJobRunAsync(request, cancellationToken: cancellationToken);
                run.Output.Item(answer.Run, Properties);
                return ExitCodes.Ok;
            }
        );

    /// <summary>Tells each change; the exit code says how the run went.</summary>
    private static async Task<int> FollowAsync(
        Invocation run,
        JobService.JobServiceClient client,
        string runId,
        CancellationToken cancellationToken
    )
    {
        using var call = client.WatchJobRun(
            new WatchJobRunRequest { RunId = runId },
            cancellationToken: cancellationToken
        );
        JobRun? last = null;
        await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            last = answer.Run;
            if (run.Output.IsJson)
            {
                run.Output.Line(last);
            }
            else
            {
                run.Output.Say($"{Words.Of(last.State)} {Progress(last)} {Counts(last)} {last.Problem}".TrimEnd());
            }
        }

        return last?.State is JobRunState.Succeeded ? ExitCodes.Ok : ExitCodes.Refused;
    }

    private static async Task<int> WithClient(Invocation run, Func<JobService.JobServiceClient, Task<int>> work)
    {
        using var connection = run.Connect();
        return await work(new JobService.JobServiceClient(connection.Invoker));
    }

    private static string Took(JobRun? run) =>
        run?.StartTime is null || run.EndTime is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{(run.EndTime - run.StartTime).ToTimeSpan().TotalSeconds:0.0} s"
            );

    private static string Counts(JobRun run) =>
        string.Join(", ", run.Counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"));

    private static string Progress(JobRun run) =>
        run.ProgressDone == 0 && run.ProgressStep.Length == 0 ? ""
        : run.HasProgressTotal ? $"{run.ProgressDone} of {run.ProgressTotal} {run.ProgressStep}".TrimEnd()
        : $"{run.ProgressDone} {run.ProgressStep}".TrimEnd();
}
