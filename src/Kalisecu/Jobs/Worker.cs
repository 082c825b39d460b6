using Kalisecu.Persistence;

namespace Kalisecu.Jobs;

/// <summary>A kind of worker process: any number of instances of it share its jobs.</summary>
/// <param name="Name">As operators write it, such as <c>retention</c>.</param>
/// <param name="Role">The database role that its instances have, and the name of their common schedule.</param>
/// <param name="Program">The name of its program.</param>
internal sealed record Worker(string Name, string Role, string Program)
{
    public static Worker Delivery { get; } = new("delivery", DatabaseRoles.Delivery, "Kalisecu.DeliveryWorker");

    public static Worker Retention { get; } = new("retention", DatabaseRoles.Retention, "Kalisecu.RetentionWorker");

    public static Worker BackupVerification { get; } =
        new("backup-verification", DatabaseRoles.Backup, "Kalisecu.BackupVerificationWorker");

    public static Worker BreachNotification { get; } =
        new("breach-notification", DatabaseRoles.Breach, "Kalisecu.BreachNotificationWorker");

    public static IReadOnlyList<Worker> All { get; } = [Delivery, Retention, BackupVerification, BreachNotification];
}
