using System.Security.Cryptography;
using Google.Rpc;
using Grpc.Core;
using Kalisecu.Agent.Spool;
using Kalisecu.Agents.V1;
using Kalisecu.Findings.V1;

namespace Kalisecu.Agent.Push;

/// <summary>How the push of one spooled scan ended.</summary>
internal sealed record PushOutcome(SpoolEntry Entry, PushCounts? Counts, string? Refusal);

/// <summary>
/// Pushes spooled scans: leases, streams, tries again while that can help. A scan leaves the spool when the server has
/// completed it, or for the refused ones when it never will.
/// </summary>
internal sealed class Pusher(CallInvoker server, SpoolFolder spool)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeaseWithin = TimeSpan.FromSeconds(30);

    /// <summary>Called before each wait: why, and for how long.</summary>
    public Action<string, TimeSpan>? Waiting { get; init; }

    /// <summary>How long to go on trying; a spooled scan can always be pushed later.</summary>
    public TimeSpan Patience { get; init; } = Timeout.InfiniteTimeSpan;

    public async Task<PushOutcome> PushAsync(
        SpoolEntry entry,
        IProgress<PushProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var delay = FirstDelay; ; delay = Longer(delay))
        {
            string reason;
            TimeSpan wait;
            try
            {
                var lease = await LeaseAsync(entry.Open, cancellationToken);
                using var stream = new PushStream(server, entry, progress);
                var counts = await stream.RunAsync(lease, cancellationToken);
                spool.Remove(entry);
                return new PushOutcome(entry, counts, null);
            }
            catch (RulesRenamed renamed)
            {
                entry = RenameRules.Run(spool, entry, renamed.Opened);
                (reason, wait) = (renamed.Message, TimeSpan.Zero);
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                reason = Reason(exception);
                if (!CanHelp(exception))
                {
                    spool.Refuse(entry, reason);
                    return new PushOutcome(entry, null, reason);
                }

                wait = AskedDelay(exception) is { } asked && asked > delay ? asked : delay;
            }
            catch (Exception exception)
                when (exception is IOException or OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                (reason, wait) = ("the stream broke", delay);
            }

            if (Patience != Timeout.InfiniteTimeSpan && TimeProvider.System.GetElapsedTime(started) + wait > Patience)
            {
                return new PushOutcome(entry, null, null);
            }

            // Agents that lost one server must not come back all at once.
            wait *= 1 + RandomNumberGenerator.GetInt32(0, 250) / 1000.0;
            Waiting?.Invoke(reason, wait);
            await Task.Delay(wait, cancellationToken);
        }
    }

    private async Task<string> LeaseAsync(PushOpen open, CancellationToken cancellationToken)
    {
        try
        {
            var leased = await new LeaseService.LeaseServiceClient(server).StartScanAsync(
                new StartScanRequest
                {
                    ScanId = open.ScanId,
                    SiteId = open.SiteId,
                    Tool = open.Tool,
                },
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime + LeaseWithin,
                cancellationToken: cancellationToken
            );
            return leased.Lease.LeaseId;
        }
        catch (RpcException exception) when (IsReason(exception, "SCAN_FINISHED"))
        {
            // Perhaps completed by a push whose answer was lost: without a lease the server tells its counts again.
            return "";
        }
    }

    private static bool CanHelp(RpcException exception) =>
        exception.StatusCode
            is StatusCode.Unavailable
                or StatusCode.DeadlineExceeded
                or StatusCode.ResourceExhausted
                or StatusCode.Aborted
                or StatusCode.Cancelled
                or StatusCode.Unknown
                or StatusCode.Internal
        // The certificate may be renewed, the lease is taken anew, an authorisation may be prolonged.
        || exception.StatusCode is StatusCode.Unauthenticated
        || IsReason(exception, "NO_LEASE")
        || IsReason(exception, "LEASE_EXPIRED")
        || IsReason(exception, "LEASE_HELD_BY_OTHER");

    private static bool IsReason(RpcException exception, string reason) =>
        string.Equals(exception.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason, reason, StringComparison.Ordinal);

    private static TimeSpan? AskedDelay(RpcException exception) =>
        exception.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();

    private static string Reason(RpcException exception)
    {
        var info = exception.GetRpcStatus()?.GetDetail<ErrorInfo>();
        return info is null ? exception.Status.Detail : $"{info.Reason}: {exception.Status.Detail}";
    }

    private static TimeSpan Longer(TimeSpan delay) => delay * 2 > LongestDelay ? LongestDelay : delay * 2;
}
