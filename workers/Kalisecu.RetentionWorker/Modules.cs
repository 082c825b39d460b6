using Kalisecu.Jobs;
using Kalisecu.Retention;
using Kalisecu.Rights;

namespace Kalisecu.RetentionWorker;

/// <summary>Whose jobs this process offers.</summary>
internal static class Modules
{
    public static IReadOnlyList<WorkerJobs> All { get; } = [ErasureJob.Jobs, RetentionModule.Jobs];
}
