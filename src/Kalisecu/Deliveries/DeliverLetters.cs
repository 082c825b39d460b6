using System.Security.Cryptography;
using System.Threading.Channels;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kalisecu.Deliveries;

/// <summary>
/// Sends what is due until nothing is: claims letters, hands many over at once, and records what came of each as soon as that
/// is known, together with those that came in between.
/// </summary>
internal sealed class DeliverLetters(
    LetterClaims claims,
    LetterGates gates,
    ILetterTransport transport,
    KeyRing keys,
    DeliveryPace pace,
    ILogger<DeliverLetters> log
)
{
    /// <summary>Sends what is due now.</summary>
    /// <returns>What came of it; and whether the relay stopped it.</returns>
    public async Task<DeliveryCounts> RunAsync(CancellationToken cancellationToken)
    {
        var counts = new DeliveryCounts();
        while (!cancellationToken.IsCancellationRequested && !counts.RelayDown)
        {
            var letters = await claims.ClaimAsync(cancellationToken);
            if (letters.Count == 0)
            {
                break;
            }

            await SendAllAsync(letters, counts, cancellationToken);
        }

        if (counts.Any)
        {
            DeliveryLog.Delivered(log, counts.Sent, counts.Later, counts.Suppressed, counts.Dead);
        }

        return counts;
    }

    private async Task SendAllAsync(
        List<ClaimedLetter> letters,
        DeliveryCounts counts,
        CancellationToken cancellationToken
    )
    {
        var outcomes = Channel.CreateUnbounded<LetterOutcome>(new UnboundedChannelOptions { SingleReader = true });
        var recording = RecordAsync(outcomes.Reader, counts);
        try
        {
            // A letter on its way is never cut off: what became of it would not be known.
            await Parallel.ForEachAsync(
                letters,
                new ParallelOptions { MaxDegreeOfParallelism = transport.AtOnce },
                async (letter, _) =>
                    await outcomes.Writer.WriteAsync(
                        await SendAsync(letter, counts, cancellationToken),
                        CancellationToken.None
                    )
            );
        }
        finally
        {
            outcomes.Writer.Complete();
            await recording;
        }
    }

    private async Task<LetterOutcome> SendAsync(
        ClaimedLetter letter,
        DeliveryCounts counts,
        CancellationToken cancellationToken
    )
    {
        if (cancellationToken.IsCancellationRequested || counts.RelayDown)
        {
            return pace.GiveBack(letter, counts.RelayDown);
        }

        if (letter.IsTooLate)
        {
            // Staff look at it: whoever waits for it needs another.
            return pace.Settle(letter, LetterState.Dead, "secret_expired");
        }

        try
        {
            return (letter.Forbidden() ?? await gates.ForbiddenAsync(letter, cancellationToken)) is { } reason
                ? pace.Settle(letter, LetterState.Suppressed, reason)
                : await HandOverAsync(letter, counts);
        }
        catch (Refusal)
        {
            return pace.Settle(letter, LetterState.Suppressed, "key_destroyed");
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return pace.Settle(letter, LetterState.Dead, "unreadable");
        }
#pragma warning disable CA1031 // One letter that nobody foresaw must not keep all others from leaving.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            DeliveryLog.Fault(log, exception, letter.LetterId);
            return pace.Judge(letter, new SendResult(SendOutcome.Later, "fault"));
        }
    }

    private async Task<LetterOutcome> HandOverAsync(ClaimedLetter letter, DeliveryCounts counts)
    {
        using var message = letter.Open(keys, pace.From);
        await pace.WaitAsync(CancellationToken.None);
        var result = await transport.SendAsync(message, CancellationToken.None);
        if (result.Outcome is SendOutcome.RelayDown)
        {
            counts.RelayDown = true;
        }

        return pace.Judge(letter, result);
    }

    private async Task RecordAsync(ChannelReader<LetterOutcome> outcomes, DeliveryCounts counts)
    {
        var together = new List<LetterOutcome>();
        while (await outcomes.WaitToReadAsync())
        {
            together.Clear();
            while (outcomes.TryRead(out var outcome))
            {
                together.Add(outcome);
                counts.Add(outcome);
                if (outcome.State is LetterState.Dead)
                {
                    DeliveryLog.Dead(log, outcome.Letter.LetterId, outcome.Reason ?? "");
                }
            }

            try
            {
                await claims.RecordAsync(together, CancellationToken.None);
            }
            catch (NpgsqlException exception)
            {
                DeliveryLog.NotRecorded(log, exception, together.Count);
            }
        }
    }
}
