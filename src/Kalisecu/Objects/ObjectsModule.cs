using Kalisecu.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Objects;

internal static class ObjectsModule
{
    public static IServiceCollection AddObjects(this IServiceCollection services, string folder)
    {
        services.AddSingleton(provider => new ObjectFolder(provider.GetRequiredService<KeyRing>(), folder));
        services.AddHostedService<RemoveAbandonedObjects>();
        return services;
    }
}
