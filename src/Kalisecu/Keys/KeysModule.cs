using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Keys;

internal static class KeysModule
{
    public static IServiceCollection AddKeys(
        this IServiceCollection services,
        string folder,
        string keyEncryptionKeyFile
    )
    {
        services.AddSingleton(_ => new KeyFolder(folder, keyEncryptionKeyFile));
        services.AddSingleton<KeyRing>();
        return services;
    }
}
