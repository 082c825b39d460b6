using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Jobs;

/// <summary>What a capability adds to a worker process: the services it needs there, and its jobs.</summary>
internal sealed record WorkerJobs(Action<IServiceCollection> Register, params IReadOnlyList<WorkerJob> Jobs);

/// <summary>A job and the class that does it, which is made anew for each run.</summary>
internal sealed record WorkerJob(JobDefinition Definition, Type Type)
{
    public static WorkerJob Of<TJob>(JobDefinition definition)
        where TJob : class, IWorkerJob => new(definition, typeof(TJob));
}

/// <summary>The jobs of this process.</summary>
internal sealed class JobList(Worker worker, IReadOnlyList<WorkerJob> jobs)
{
    private readonly Dictionary<string, WorkerJob> _byName = jobs.ToDictionary(
        j => j.Definition.Name,
        StringComparer.Ordinal
    );

    public Worker Worker { get; } = worker;

    public IReadOnlyCollection<WorkerJob> All => _byName.Values;

    public WorkerJob? Find(string name) => _byName.GetValueOrDefault(name);

    public WorkerJob Get(string name) =>
        Find(name) ?? throw new InvalidOperationException($"{Worker.Program} has no job {name}.");
}
