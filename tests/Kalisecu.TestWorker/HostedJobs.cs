using Kalisecu.Jobs;

namespace Kalisecu.TestWorker;

/// <summary>Whose jobs this process has: those of the tests, or those of a real worker's program, from its own list.</summary>
internal static class HostedJobs
{
    /// <summary>Names the worker, in the environment of a process.</summary>
    public const string Variable = "TEST_WORKER";

    public static (Worker Worker, IReadOnlyList<WorkerJobs> Modules) Read() =>
        Environment.GetEnvironmentVariable(Variable) is { } name
            ? Of(Worker.All.Single(w => string.Equals(w.Name, name, StringComparison.Ordinal)))
            : (Worker.Delivery, [TestJobs.All]);

    /// <summary>The list of a worker's program.</summary>
    public static IReadOnlyList<WorkerJobs> ListOf(Worker worker) =>
        worker == Worker.Delivery ? DeliveryWorker.Modules.All
        : worker == Worker.Retention ? RetentionWorker.Modules.All
        : worker == Worker.BackupVerification ? BackupVerificationWorker.Modules.All
        : worker == Worker.BreachNotification ? BreachNotificationWorker.Modules.All
        : throw new ArgumentOutOfRangeException(nameof(worker), worker, "no worker of ours");

    private static (Worker Worker, IReadOnlyList<WorkerJobs> Modules) Of(Worker worker) =>
        (worker, [.. ListOf(worker).Select(LingeringJobs.Of)]);
}
