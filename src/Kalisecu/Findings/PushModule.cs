using Kalisecu.Evidence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kalisecu.Findings;

internal static class PushModule
{
    public static IServiceCollection AddPush(this IServiceCollection services)
    {
        services.TryAddSingleton<EvidenceLog>();
        return services
            .AddSingleton<PushGate>()
            .AddSingleton<PushMemory>()
            .AddSingleton<PushSlots>()
            .AddSingleton<OpenPush>()
            .AddSingleton<ClosePush>()
            .AddSingleton<IngestScan>()
            .AddSingleton<PushService>();
    }
}
