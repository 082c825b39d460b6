using System.Threading.RateLimiting;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>
/// How many calls one certificate may make in this process. A guard against a peer that runs wild, far above what honest work
/// needs; signing in has its own, much lower limits where it is done.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    // A frontend speaks for many people at once: this is more than one process can answer on two cores.
    private const int FrontendCallsPerSecond = 100_000;

    // An agent leases, renews and opens streams: a handful a minute.
    private const int AgentCallsPerSecond = 200;

    // Anybody who reaches the enrolment port, all of them together.
    private const int EnrolmentCallsPerSecond = 20;

    private static readonly Duration RetryAfter = Duration.FromSeconds(1);

    private readonly PartitionedRateLimiter<(CallerKind Kind, string Name)> _limiter = PartitionedRateLimiter.Create<
        (CallerKind Kind, string Name),
        (CallerKind Kind, string Name)
    >(peer =>
        RateLimitPartition.GetTokenBucketLimiter(
            peer,
            key =>
            {
                var perSecond = PerSecond(key.Kind);
                return new TokenBucketRateLimiterOptions
                {
                    TokenLimit = perSecond,
                    TokensPerPeriod = Math.Max(1, perSecond / 10),
                    ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
                    QueueLimit = 0,
                };
            }
        )
    );

    public void Demand(CallerKind kind, string name)
    {
        using var lease = _limiter.AttemptAcquire((kind, name));
        if (!lease.IsAcquired)
        {
            throw GeneralErrors.LimitExceeded("calls per second of one certificate", RetryAfter);
        }
    }

    public void Dispose() => _limiter.Dispose();

    private static int PerSecond(CallerKind kind) =>
        kind switch
        {
            CallerKind.Frontend or CallerKind.Operator or CallerKind.Worker => FrontendCallsPerSecond,
            CallerKind.Agent => AgentCallsPerSecond,
            CallerKind.Enrolling => EnrolmentCallsPerSecond,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such caller"),
        };
}
