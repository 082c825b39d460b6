using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Jobs;

internal sealed class JobService(Calls calls, ControlJobs control, IClock clock) : V1.JobService.JobServiceBase
{
    // Workers write how far they are once a second.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public override Task<V1.ListJobsResponse> ListJobs(V1.ListJobsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var filter = new V1.ListJobsRequest();
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var jobs = db.Set<RegisteredJob>().AsNoTracking().Where(j => j.RetireTime == null);
                if (page.After is [var last])
                {
                    jobs = jobs.Where(j => string.Compare(j.Job, last) > 0);
                }

                var rows = await jobs.OrderBy(j => j.Job).Take(page.Size + 1).ToListAsync(context.CancellationToken);
                var response = new V1.ListJobsResponse { NextPageToken = PageKeys.Next(page, rows, r => [r.Job]) };
                foreach (var job in rows.Take(page.Size))
                {
                    response.Jobs.Add(await ReadJobAsync(db, job, context.CancellationToken));
                }

                return response;
            }
        );
    }

    public override Task<V1.ListJobRunsResponse> ListJobRuns(V1.ListJobRunsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var job = request.Job.Length == 0 ? "" : JobProto.ReadName(request.Job, violations);
        var states = JobProto.ReadStates(request.States, violations);
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var runs = db.Set<RecordedRun>().AsNoTracking();
                runs = job.Length > 0 ? runs.Where(r => r.Job == job) : runs;
                runs = states.Count > 0 ? runs.Where(r => states.Contains(r.State)) : runs;
                if (page.After is { } after)
                {
                    var last = ValueTuple.Create(Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    runs = runs.Where(r => EF.Functions.LessThan(ValueTuple.Create(r.CreateTime, r.RunId), last));
                }

                var rows = await Newest(runs).Take(page.Size + 1).ToListAsync(context.CancellationToken);
                return new V1.ListJobRunsResponse
                {
                    Runs = { rows.Take(page.Size).Select(JobProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, r => r.CreateTime, r => r.RunId),
                };
            }
        );
    }

    public override async Task<V1.GetJobRunResponse> GetJobRun(V1.GetJobRunRequest request, ServerCallContext context)
    {
        var runId = JobProto.ReadRunId(request.RunId);
        return new V1.GetJobRunResponse { Run = await ReadRunAsync(runId, context) };
    }

    public override Task<V1.StartJobResponse> StartJob(V1.StartJobRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var job = JobProto.ReadName(request.Job, violations);
        violations.ThrowIfAny();
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var run = await control.StartAsync(db, job, Caller.Of(context).Actor, context.CancellationToken);
                return new V1.StartJobResponse { Run = JobProto.Write(run) };
            }
        );
    }

    public override async Task WatchJobRun(
        V1.WatchJobRunRequest request,
        IServerStreamWriter<V1.WatchJobRunResponse> responseStream,
        ServerCallContext context
    )
    {
        var runId = JobProto.ReadRunId(request.RunId);
        V1.JobRun? told = null;
        while (true)
        {
            var run = await ReadRunAsync(runId, context);
            if (!run.Equals(told))
            {
                await responseStream.WriteAsync(new V1.WatchJobRunResponse { Run = run }, context.CancellationToken);
                told = run;
            }

            if (run.EndTime is not null && run.State is not (V1.JobRunState.Interrupted or V1.JobRunState.Lost))
            {
                return;
            }

            // What was cut off is begun again, unless it was a schedule's: that has a run of its own.
            if (run.EndTime is not null && run.Cause is not V1.JobCause.Request)
            {
                return;
            }

            await Task.Delay(LookEvery, context.CancellationToken);
        }
    }

    public override Task<V1.CancelJobRunResponse> CancelJobRun(
        V1.CancelJobRunRequest request,
        ServerCallContext context
    )
    {
        var runId = JobProto.ReadRunId(request.RunId);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var run = await control.CancelAsync(db, runId, Caller.Of(context).Actor, context.CancellationToken);
                return new V1.CancelJobRunResponse { Run = JobProto.Write(run) };
            }
        );
    }

    private Task<V1.JobRun> ReadRunAsync(Guid runId, ServerCallContext context) =>
        calls.ReadAsync(
            context,
            async db => JobProto.Write(await ControlJobs.FindAsync(db, runId, context.CancellationToken))
        );

    private async Task<V1.Job> ReadJobAsync(KalisecuDb db, RegisteredJob job, CancellationToken cancellationToken)
    {
        var runs = db.Set<RecordedRun>().AsNoTracking().Where(r => r.Job == job.Job);
        var last = await Newest(runs).FirstOrDefaultAsync(cancellationToken);
        var over = await Newest(runs.Where(r => r.State == JobRunState.Succeeded || r.State == JobRunState.Failed))
            .FirstOrDefaultAsync(cancellationToken);
        return JobProto.Write(job, last, over?.State is JobRunState.Failed, clock.GetCurrentInstant());
    }

    private static IQueryable<RecordedRun> Newest(IQueryable<RecordedRun> runs) =>
        runs.OrderByDescending(r => r.CreateTime).ThenByDescending(r => r.RunId);
}
