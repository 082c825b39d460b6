using Kalisecu.Breaches;
using Kalisecu.Jobs;

namespace Kalisecu.BreachNotificationWorker;

/// <summary>Whose jobs this process offers.</summary>
internal static class Modules
{
    public static IReadOnlyList<WorkerJobs> All { get; } = [BreachesModule.Jobs];
}
