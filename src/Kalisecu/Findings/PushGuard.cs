using Kalisecu.Tenancy;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>While a stream is open: keeps its lease alive, and ends it when the scan is cancelled or loses its authorisation.</summary>
internal sealed class PushGuard : IAsyncDisposable
{
    private readonly CancellationTokenSource _done = new();
    private readonly CancellationTokenRegistration _revoked;
    private readonly Task _keeping;

    public PushGuard(
        OpenPush openPush,
        Revocations revocations,
        PushTarget target,
        TimeSpan every,
        CancellationTokenSource ending
    )
    {
        _revoked = revocations
            .Watch(Revocations.Scan(target.ScanId))
            .Register(() =>
            {
                IsRevoked = true;
                ending.Cancel();
            });
        _keeping = KeepAsync(openPush, target, every);
    }

    public bool IsRevoked { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _revoked.DisposeAsync();
        await _done.CancelAsync();
        await _keeping;
        _done.Dispose();
    }

    private async Task KeepAsync(OpenPush openPush, PushTarget target, TimeSpan every)
    {
        try
        {
            using var timer = new PeriodicTimer(every);
            while (await timer.WaitForNextTickAsync(_done.Token))
            {
                await KeepOnceAsync(openPush, target);
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended.
        }
    }

    private async Task KeepOnceAsync(OpenPush openPush, PushTarget target)
    {
        try
        {
            await openPush.KeepLeaseAsync(target, _done.Token);
        }
        catch (NpgsqlException)
        {
            // The lease outlives some missed beats; when the database stays away, the stream's own work fails.
        }
    }
}
