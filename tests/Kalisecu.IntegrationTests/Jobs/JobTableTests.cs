using Kalisecu.Jobs;
using Kalisecu.TestKit;
using Kalisecu.TestWorker;
using NodaTime;

namespace Kalisecu.IntegrationTests.Jobs;

/// <summary>What operators read about jobs, beside what the programs really run.</summary>
public sealed class JobTableTests
{
    private const string Head = "| job | worker | schedule, in French time | late after | what it does |";

    [Fact]
    public void The_documentation_lists_every_job_of_every_worker_and_no_other()
    {
        var lines = File.ReadAllLines(Path.Combine(Programs.RepositoryRoot, "docs", "workers.md"));
        var written = lines
            .SkipWhile(l => !string.Equals(l, Head, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(l => l.StartsWith('|'));
        var jobs =
            from worker in Worker.All
            from module in HostedJobs.ListOf(worker)
            from job in module.Jobs
            select Row(worker, job.Definition);

        Assert.Equal(jobs, written);
    }

    private static string Row(Worker worker, JobDefinition job) =>
        $"| `{job.Name}` | {worker.Name} | {job.Schedule.Words} | {Text(job.LateAfter)} | {job.Description.TrimEnd('.')} |";

    private static string Text(Duration duration) =>
        duration < Duration.FromHours(1) ? $"{duration.TotalMinutes:0} minutes"
        : duration == Duration.FromHours(1) ? "1 hour"
        : $"{duration.TotalHours:0} hours";
}
