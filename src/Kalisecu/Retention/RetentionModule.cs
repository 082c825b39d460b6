using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kalisecu.Retention;

internal static class RetentionModule
{
    /// <summary>What the retention worker does.</summary>
    public static WorkerJobs Jobs { get; } =
        new(static services => services.AddSweeps(), WorkerJob.Of<SweepJob>(SweepJob.Definition));

    public static IServiceCollection AddSweeps(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => KeepingRules.OfPlatform());
        services.TryAddSingleton<DatabaseCatalogue>();
        services.AddSingleton<SweepSchema>();
        services.AddSingleton<SweepRows>();
        services.AddSingleton<SweepPersons>();
        services.AddSingleton<SweepTenants>();
        services.AddSingleton<SweepMonths>();
        services.AddSingleton<CertifySweeps>();
        return services;
    }
}
