using Kalisecu.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kalisecu.Hosting;

/// <summary>Hears revocations from the database. While it is deaf, caches live for seconds only, so nothing stays open for long.</summary>
internal sealed class RevocationListener(
    NpgsqlDataSource source,
    Revocations revocations,
    ILogger<RevocationListener> log
) : BackgroundService
{
    // Long enough not to hammer a database that restarts, short enough to be heard again soon.
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                HostingLog.ListenerLost(log, exception.Message);
                await Task.Delay(ReconnectAfter, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await source.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, notification) => revocations.Announce(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Revocations.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        while (true)
        {
            await connection.WaitAsync(stoppingToken);
        }
    }
}
