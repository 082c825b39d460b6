using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Compliance;

/// <summary>A host that this process's settings name: judged when it starts, and again by clause HOST-1.</summary>
/// <param name="Use">What for, such as <c>database</c> or <c>smtp</c>.</param>
/// <param name="IsStore">Whether operational data stays there: then only France will do.</param>
internal sealed record ConfiguredEndpoint(string Use, string Host, bool IsStore)
{
    public const string Database = "database";

    public bool HoldsRegister => string.Equals(Use, Database, StringComparison.Ordinal);
}

internal static class ConfiguredEndpoints
{
    /// <summary>Tells the residency guard of a host; a capability does so where it reads its settings.</summary>
    public static IServiceCollection AddEndpoint(
        this IServiceCollection services,
        string use,
        string host,
        bool isStore
    ) => services.AddSingleton(new ConfiguredEndpoint(use, host, isStore));

    /// <summary>The hosts of a connection string: PostgreSQL takes several, separated by commas, some with a port.</summary>
    public static IServiceCollection AddDatabaseEndpoints(this IServiceCollection services, string? hosts)
    {
        foreach (
            var host in (hosts ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            services.AddEndpoint(ConfiguredEndpoint.Database, host, isStore: true);
        }

        return services;
    }
}
