using Kalisecu.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NodaTime;

namespace Kalisecu.Compliance;

internal static class ResidencyModule
{
    /// <summary>
    /// For every process that keeps or sends data; the first of its services, so that it is asked before anything is called.
    /// </summary>
    /// <param name="databaseHosts">The host part of the connection string.</param>
    public static IServiceCollection AddResidency(
        this IServiceCollection services,
        ResidencySettings settings,
        string? databaseHosts
    )
    {
        services.AddSingleton(settings);
        services.TryAddSingleton(provider => new ResidencyGuard(
            provider.GetRequiredService<AllTenants>(),
            settings,
            provider.GetRequiredService<IClock>()
        ));
        services.AddTransient<ResidencyHandler>();
        services.AddHostedService<ResidencyAtStart>();
        return services.AddDatabaseEndpoints(databaseHosts);
    }
}
