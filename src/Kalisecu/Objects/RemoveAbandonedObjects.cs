using Microsoft.Extensions.Hosting;
using NodaTime;

namespace Kalisecu.Objects;

/// <summary>Tidies up once, as the process starts.</summary>
internal sealed class RemoveAbandonedObjects(ObjectFolder objects, IClock clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        objects.RemoveAbandoned(clock.GetCurrentInstant());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
