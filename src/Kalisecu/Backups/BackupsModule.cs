using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.Backups;

internal static class BackupsModule
{
    public static Capability Capability { get; } =
        new(
            [V1.BackupService.Descriptor],
            services =>
            {
                services.AddSingleton<BackupService>();
                services.AddClauseCheck<EncryptedBackupsCheck>();
                services.AddClauseCheck<TestedRestoreCheck>();
                services.AddClauseCheck<BackupRetentionCheck>();
            },
            routes => routes.MapGrpcService<BackupService>()
        );

    public static WorkerJobs Jobs { get; } =
        new(
            AddBackups,
            WorkerJob.Of<TakeFullBackup>(
                new JobDefinition(
                    BackupSchedule.FullJob,
                    "Takes a full backup of the database, and asks for its trial.",
                    BackupSchedule.Full,
                    Duration.FromHours(6)
                )
            ),
            WorkerJob.Of<TakeIncrementalBackup>(
                new JobDefinition(
                    BackupSchedule.IncrementalJob,
                    "Takes an incremental backup when the newest one is a day old.",
                    BackupSchedule.Incremental,
                    Duration.FromHours(3)
                )
            ),
            WorkerJob.Of<CopyFilesJob>(
                new JobDefinition(
                    "copy-files",
                    "Copies objects, wrapped keys and the journal of erasures.",
                    Schedule.EveryMinutes(1),
                    Duration.FromMinutes(30)
                )
            ),
            WorkerJob.Of<VerifyBackup>(
                new JobDefinition(
                    BackupSchedule.VerifyJob,
                    "Restores the newest backup beside the running database and checks all of it.",
                    BackupSchedule.Verify,
                    Duration.FromHours(6)
                )
            )
        );

    /// <summary>What taking and trying backups needs, in whichever process.</summary>
    public static IServiceCollection AddBackupTools(this IServiceCollection services)
    {
        services.AddSingleton<PgBackRest>();
        services.AddSingleton<CopyFiles>();
        services.AddSingleton<BackupRecords>();
        services.AddSingleton<TakeBackup>();
        services.AddSingleton<TryRestore>();
        return services;
    }

    private static void AddBackups(IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<WorkerSettings>().Backups);
        services.AddSingleton<ProcessSettings>(provider => provider.GetRequiredService<WorkerSettings>());
        services.AddBackupTools();
        services.AddSingleton<ControlJobs>();
        services.AddHostedService<PrepareRepository>();
    }
}
