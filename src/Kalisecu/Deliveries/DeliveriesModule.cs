using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Deliveries;

internal static class DeliveriesModule
{
    public static Capability Capability { get; } =
        new(
            [V1.DeliveryService.Descriptor],
            services =>
            {
                services.AddSingleton<HandleLetters>();
                services.AddSingleton<DeliveryService>();
            },
            routes => routes.MapGrpcService<DeliveryService>()
        );

    // No job: letters leave as soon as they are written or due, by LetterPump.
    public static WorkerJobs Delivery { get; } = new(AddDelivery);

    private static void AddDelivery(IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<WorkerSettings>().Delivery);
        services.AddSingleton<LetterClaims>();
        services.AddSingleton<LetterGates>();
        services.AddSingleton<DeliveryPace>();
        services.AddSingleton(Transport);
        services.AddSingleton<DeliverLetters>();
        services.AddHostedService<LetterPump>();
    }

    private static ILetterTransport Transport(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<DeliveryOptions>();
        return options switch
        {
            { PickupFolder.Length: > 0 } => new PickupFolder(options.PickupFolder),
            { Smtp.Host.Length: > 0 } => new SmtpTransport(
                options.Smtp,
                provider.GetRequiredService<ResidencyGuard>(),
                provider.GetRequiredService<ILogger<SmtpTransport>>()
            ),
            _ => throw new InvalidOperationException(
                "The settings name neither a mail relay (Delivery:Smtp:Host) nor a folder (Delivery:PickupFolder)."
            ),
        };
    }
}
