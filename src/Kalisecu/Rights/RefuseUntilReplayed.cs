using Microsoft.Extensions.Hosting;

namespace Kalisecu.Rights;

/// <summary>
/// Keeps a server from opening over a database that was restored from before erasures: whom it would show was promised to be
/// gone. Starts before the ports do.
/// </summary>
internal sealed class RefuseUntilReplayed(JournalGate gate) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var forgotten = await gate.FindForgottenAsync(movesMark: false, cancellationToken);
        if (forgotten.Count > 0)
        {
            throw new InvalidOperationException(
                $"This database was restored from before {forgotten.Count} erasures: run 'kalisecu privacy-requests replay-erasures' first."
            );
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
