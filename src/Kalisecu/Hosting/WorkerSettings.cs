using System.ComponentModel.DataAnnotations;
using Kalisecu.Backups;
using Kalisecu.Deliveries;
using Kalisecu.Jobs;

namespace Kalisecu.Hosting;

/// <summary>What a worker process needs to know.</summary>
internal sealed class WorkerSettings : ProcessSettings
{
    [Required]
    public ClusterSettings Cluster { get; set; } = new();

    [Required]
    public JobAlarmOptions Alarms { get; set; } = new();

    /// <summary>How letters leave; read by the delivery worker alone.</summary>
    [Required]
    public DeliveryOptions Delivery { get; set; } = new();

    /// <summary>How backups are taken and tried; read by the backup-verification worker alone.</summary>
    [Required]
    public BackupOptions Backups { get; set; } = new();

    /// <summary>How the instances of one worker find each other's death; the same for all of them.</summary>
    internal sealed class ClusterSettings
    {
        /// <summary>How often each says that it lives.</summary>
        [Range(1, 3600)]
        public int CheckInSeconds { get; set; } = 5;

        /// <summary>How long after a missed word the others take over its runs.</summary>
        [Range(1, 3600)]
        public int DeadAfterSeconds { get; set; } = 10;

        /// <summary>How late a schedule may start without counting as missed.</summary>
        [Range(1, 3600)]
        public int MissedAfterSeconds { get; set; } = 30;

        /// <summary>How often the common schedule is read for what others put there.</summary>
        [Range(1, 3600)]
        public int LookEverySeconds { get; set; } = 15;

        /// <summary>How many jobs one process runs at once.</summary>
        [Range(1, 16)]
        public int JobsAtOnce { get; set; } = 4;
    }
}
