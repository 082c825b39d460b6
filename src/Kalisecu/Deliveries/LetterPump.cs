using Kalisecu.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kalisecu.Deliveries;

/// <summary>Sends letters as soon as they are written, and those that are due again when they are.</summary>
internal sealed class LetterPump(NpgsqlDataSource source, DeliverLetters deliver, ILogger<LetterPump> log)
    : BackgroundService
{
    // How late a letter may be tried again, and a new one whose notification nobody heard be found.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
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
                DeliveryLog.ListenerLost(log, exception.Message);
                await Task.Delay(ReconnectAfter, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await source.OpenConnectionAsync(stoppingToken);
        await using (var listen = new NpgsqlCommand($"listen {LetterBox.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        while (true)
        {
            var counts = await deliver.RunAsync(stoppingToken);
            if (counts.RelayDown)
            {
                await Task.Delay(DeliveryPace.RelayPause.ToTimeSpan(), stoppingToken);
            }

            await connection.WaitAsync(LookEvery, stoppingToken);
        }
    }
}
