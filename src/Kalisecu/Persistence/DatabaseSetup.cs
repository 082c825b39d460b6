using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kalisecu.Persistence;

internal static class DatabaseSetup
{
    public static IServiceCollection AddKalisecuDatabase(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => OpenSource(connectionString));
        services.AddPooledDbContextFactory<KalisecuDb>(
            (provider, options) =>
                options
                    .UseNpgsql(
                        provider.GetRequiredService<NpgsqlDataSource>(),
                        npgsql => npgsql.UseNodaTime().EnableRetryOnFailure(3)
                    )
                    .UseSnakeCaseNamingConvention()
                    .AddInterceptors(TenantTransactions.Instance, TransactionGuard.Instance)
        );
        services.AddSingleton<TenantDatabase>();
        services.AddSingleton<AllTenants>();
        services.AddSingleton<RestrictedRows>();
        services.AddSingleton<RequestReceipts>();
        services.AddSingleton<Calls>();
        return services;
    }

    /// <summary>Connections as every process opens them: prepared statements, and no parameter values in errors.</summary>
    public static NpgsqlDataSource OpenSource(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // Hot reads need two (TenantReads); the rest serves changes and streams, and several processes fit beside each other.
            MaxPoolSize = 16,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseNodaTime();
        return builder.Build();
    }
}
