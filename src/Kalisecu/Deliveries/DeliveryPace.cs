using System.Threading.RateLimiting;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using MimeKit;
using NodaTime;

namespace Kalisecu.Deliveries;

/// <summary>How fast letters leave, when they are tried again, and when that ends.</summary>
internal sealed class DeliveryPace : IDisposable
{
    // A relay that is down is asked again soon, with one letter.
    public static readonly Duration RelayPause = Duration.FromSeconds(30);

    private static readonly TimeSpan Replenish = TimeSpan.FromMilliseconds(100);

    private readonly DeliveryOptions _options;
    private readonly IClock _clock;
    private readonly RateLimiter _limiter;

    public DeliveryPace(DeliveryOptions options, ControllerProfile controller, IClock clock)
    {
        (_options, _clock) = (options, clock);
        From = new MailboxAddress(controller.Brand, options.From.Length > 0 ? options.From : controller.Email);
        // Ten refills a second, each of at least one letter.
        var isSlow = options.LettersPerSecond < 10;
        _limiter = new TokenBucketRateLimiter(
            new TokenBucketRateLimiterOptions
            {
                TokenLimit = isSlow ? 1 : options.LettersPerSecond / 10,
                TokensPerPeriod = isSlow ? 1 : options.LettersPerSecond / 10,
                ReplenishmentPeriod = isSlow ? TimeSpan.FromSeconds(1.0 / options.LettersPerSecond) : Replenish,
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }
        );
    }

    public MailboxAddress From { get; }

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        using var _ = await _limiter.AcquireAsync(permitCount: 1, cancellationToken);
    }

    /// <summary>The claim ends without an attempt.</summary>
    public LetterOutcome GiveBack(ClaimedLetter letter, bool relayDown)
    {
        var now = _clock.GetCurrentInstant();
        return new LetterOutcome(letter, LetterState.Queued, null, relayDown ? now + RelayPause : now, GivenBack: true);
    }

    public LetterOutcome Settle(ClaimedLetter letter, LetterState state, string? reason) =>
        new(letter, state, reason, _clock.GetCurrentInstant());

    public LetterOutcome Judge(ClaimedLetter letter, SendResult result) =>
        result.Outcome switch
        {
            SendOutcome.Taken => Settle(letter, LetterState.Sent, reason: null),
            SendOutcome.Never => Settle(letter, LetterState.Dead, result.Reason),
            SendOutcome.RelayDown => GiveBack(letter, relayDown: true) with { Reason = result.Reason },
            SendOutcome.Later when letter.Claim.AttemptCount >= _options.Attempts => Settle(
                letter,
                LetterState.Dead,
                "attempts_exhausted_" + result.Reason
            ),
            SendOutcome.Later => new LetterOutcome(
                letter,
                LetterState.Queued,
                result.Reason,
                _clock.GetCurrentInstant() + RetryDelays.Of(letter.Claim.AttemptCount)
            ),
            _ => throw new InvalidOperationException($"No outcome: {result.Outcome}"),
        };

    public void Dispose() => _limiter.Dispose();
}
