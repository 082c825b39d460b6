using Kalisecu.Backups;
using Kalisecu.Jobs;

namespace Kalisecu.BackupVerificationWorker;

/// <summary>Whose jobs this process offers.</summary>
internal static class Modules
{
    public static IReadOnlyList<WorkerJobs> All { get; } = [BackupsModule.Jobs];
}
