using System.Data.Common;
using Kalisecu.Compliance;
using Kalisecu.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using Quartz;

namespace Kalisecu.Hosting;

/// <summary>Everything that every worker process has, around the jobs it offers: the foundations and the common schedule.</summary>
internal static class WorkerHost
{
    // How long a stopping process waits for its jobs to notice; what they have not finished runs again elsewhere.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(25);

    public static IHost Build(
        WorkerSettings settings,
        Worker worker,
        IReadOnlyList<WorkerJobs> modules,
        Action<IHostApplicationBuilder>? adjust = null
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddKalisecuFilters();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.Services.AddSingleton(settings);
        builder.Services.AddFoundations(settings, "kalisecu-" + worker.Name);
        builder.Services.AddSingleton<TimeProvider>(p => new ClockTime(p.GetRequiredService<IClock>()));
        builder.Services.AddJobs(worker, modules);
        if (worker == Worker.BackupVerification && settings.Backups.Repository is { IsS3: true } repository)
        {
            builder.Services.AddEndpoint("repository of the backups", repository.S3Endpoint, isStore: true);
        }

        builder.Services.AddCommonSchedule(worker, settings.Cluster);
        adjust?.Invoke(builder);
        return builder.Build();
    }

    private static void AddJobs(this IServiceCollection services, Worker worker, IReadOnlyList<WorkerJobs> modules)
    {
        List<WorkerJob> jobs = [.. modules.SelectMany(m => m.Jobs)];
        foreach (var module in modules)
        {
            module.Register(services);
        }

        jobs.ForEach(j => services.AddTransient(j.Type));
        services.AddSingleton(new JobList(worker, jobs));
        services.AddSingleton<JobHost>();
        services.AddSingleton<JobRecords>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService<JobScheduling>();
        services.AddHostedService<JobRequests>();
    }

    private static void AddCommonSchedule(
        this IServiceCollection services,
        Worker worker,
        WorkerSettings.ClusterSettings cluster
    )
    {
        services.AddSingleton<DbDataSource>(p => p.GetRequiredService<NpgsqlDataSource>());
        services
            .AddOptions<QuartzSchedulerOptions>()
            .Configure<JobHost>((options, host) => options.InstanceId = host.Name);
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = worker.Role;
                options.IdleWaitTime = TimeSpan.FromSeconds(cluster.LookEverySeconds);
                options.DefaultTimeZone = TimeZoneInfo.Utc;
                options.DefaultMisfireHandling = DefaultMisfireHandling.FireAndProceed;
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseDefaultThreadPool(cluster.JobsAtOnce);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(database => database.UseRegisteredDataSource = true);
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "quartz.qrtz_";
                    options.StoreJobDataAsStrings = true;
                    options.MisfireThreshold = TimeSpan.FromSeconds(cluster.MissedAfterSeconds);
                    options.RecoverFiringsCancelledByShutdown = true;
                    options.SchemaProvisioning = SchemaProvisioning.Validate;
                });
                store.UseClustering(options =>
                {
                    options.CheckinInterval = TimeSpan.FromSeconds(cluster.CheckInSeconds);
                    options.CheckinMisfireThreshold = TimeSpan.FromSeconds(cluster.DeadAfterSeconds);
                });
                store.UseSystemTextJsonSerializer();
            });
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}
