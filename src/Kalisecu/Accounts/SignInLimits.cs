using System.Threading.RateLimiting;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>
/// How often this process lets anybody try to sign in. The lock in the database is what stops guessing on one account; this
/// keeps hashing from eating the machine and guessing over many accounts slow.
/// </summary>
internal sealed class SignInLimits(ILogger<SignInLimits> log) : IDisposable
{
    // About what two cores can hash; a frontend speaks for all of its people.
    private const int PerCertificateBurst = 100;
    private const int PerCertificatePerSecond = 20;

    // A person who mistypes needs a few; known and unknown addresses are treated alike.
    private const int PerPersonBurst = 10;
    private static readonly TimeSpan PerPersonEvery = TimeSpan.FromSeconds(6);

    private readonly PartitionedRateLimiter<string> _certificates = Create(
        PerCertificateBurst,
        PerCertificatePerSecond,
        TimeSpan.FromSeconds(1)
    );

    private readonly PartitionedRateLimiter<string> _emails = Create(PerPersonBurst, 1, PerPersonEvery);
    private readonly PartitionedRateLimiter<string> _persons = Create(PerPersonBurst, 1, PerPersonEvery);

    public void Demand(Caller caller) =>
        Demand(_certificates, $"{caller.Kind}/{caller.Name}", "sign-ins per second of one certificate");

    public void Demand(byte[] emailHash) =>
        Demand(_emails, Convert.ToHexString(emailHash), "sign-ins per minute of one e-mail address");

    /// <summary>For what signed-in people do that costs a hash or could guess a code.</summary>
    public void Demand(Person person) =>
        Demand(_persons, person.PersonId.ToString("N"), "changes of a sign-in per minute of one person");

    public void Dispose()
    {
        _certificates.Dispose();
        _emails.Dispose();
        _persons.Dispose();
    }

    private void Demand(PartitionedRateLimiter<string> limiter, string key, string limit)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (!lease.IsAcquired)
        {
            AccountLog.SignInLimitReached(log, limit);
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : PerPersonEvery;
            throw GeneralErrors.LimitExceeded(limit, Duration.FromTimeSpan(wait));
        }
    }

    private static PartitionedRateLimiter<string> Create(int burst, int refill, TimeSpan every) =>
        PartitionedRateLimiter.Create<string, string>(key =>
            RateLimitPartition.GetTokenBucketLimiter(
                key,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = refill,
                    ReplenishmentPeriod = every,
                    QueueLimit = 0,
                }
            )
        );
}
