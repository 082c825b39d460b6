using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Backups;

/// <summary>Makes the repository as the process starts, so that PostgreSQL's log has a place to go before the first backup.</summary>
internal sealed class PrepareRepository(PgBackRest pgBackRest, ILogger<PrepareRepository> log) : BackgroundService
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await pgBackRest.PrepareAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (exception is BackupFailed or IOException)
            {
                BackupLog.NotPrepared(log, exception.Message);
                await Task.Delay(TryAgain, stoppingToken);
            }
        }
    }
}
