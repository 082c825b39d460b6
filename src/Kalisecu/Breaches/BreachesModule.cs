using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.Breaches;

internal static class BreachesModule
{
    public static Capability Capability { get; } =
        new([V1.BreachService.Descriptor], AddBreaches, routes => routes.MapGrpcService<BreachService>());

    /// <summary>The clock of breaches and the letters about them, for the breach-notification worker.</summary>
    public static WorkerJobs Jobs { get; } =
        new(
            services => services.AddBreachRecords(),
            WorkerJob.Of<AlarmAboutBreaches>(
                new JobDefinition(
                    AlarmJob,
                    "Alarms about breaches before and after their 72 hours, and escalates what nobody acknowledges",
                    Schedule.EveryMinutes(1),
                    Duration.FromMinutes(5)
                )
            ),
            WorkerJob.Of<TellAffected>(
                new JobDefinition(
                    "tell-affected",
                    "Writes the letters about breaches that were asked for to persons and clients",
                    Schedule.EveryMinutes(1),
                    Duration.FromMinutes(15)
                )
            )
        );

    /// <summary>The job whose health is the clock's.</summary>
    public const string AlarmJob = "alarm-about-breaches";

    private static IServiceCollection AddBreachRecords(this IServiceCollection services)
    {
        services.AddSingleton<BreachRecords>();
        services.AddSingleton<BreachLetters>();
        return services;
    }

    private static void AddBreaches(IServiceCollection services)
    {
        services.AddBreachRecords();
        services.AddSingleton<HandleBreaches>();
        services.AddSingleton<NotificationFile>();
        services.AddSingleton<NotifyAuthority>();
        services.AddSingleton<FindAffected>();
        services.AddSingleton<AskForLetters>();
        services.AddSingleton<BreachRegister>();
        services.AddSingleton<BreachLists>();
        services.AddSingleton<BreachSteps>();
        services.AddSingleton<BreachService>();
        services.AddClauseCheck<BreachClockCheck>();
        services.AddClauseCheck<BreachDrillCheck>();
    }
}
