using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Findings;

internal static class PushModule
{
    public static IServiceCollection AddPush(this IServiceCollection services) =>
        services
            .AddSingleton<PushGate>()
            .AddSingleton<PushMemory>()
            .AddSingleton<PushSlots>()
            .AddSingleton<OpenPush>()
            .AddSingleton<ClosePush>()
            .AddSingleton<IngestScan>()
            .AddSingleton<PushService>();
}
