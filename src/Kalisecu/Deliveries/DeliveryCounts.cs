using Kalisecu.Outbox;

namespace Kalisecu.Deliveries;

/// <summary>What came of one round of sending.</summary>
internal sealed class DeliveryCounts
{
    public long Sent { get; private set; }

    public long Later { get; private set; }

    public long Suppressed { get; private set; }

    public long Dead { get; private set; }

    /// <summary>Whether the relay takes nothing; then nothing more is handed to it for a while.</summary>
    public bool RelayDown { get; set; }

    public bool Any => Sent + Later + Suppressed + Dead > 0;

    public void Add(LetterOutcome outcome)
    {
        switch (outcome.State)
        {
            case LetterState.Sent:
                Sent++;
                break;
            case LetterState.Queued:
                Later++;
                break;
            case LetterState.Suppressed:
                Suppressed++;
                break;
            case LetterState.Dead:
                Dead++;
                break;
            case LetterState.Bounced:
            default:
                throw new InvalidOperationException($"Sending ends not in {outcome.State}.");
        }
    }
}
