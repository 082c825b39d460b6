using Grpc.Core;
using Case = Kalisecu.Findings.V1.PushScanRequest.MessageOneofCase;

namespace Kalisecu.Findings;

/// <summary>The message that is looked at now; the next one comes when it is asked for.</summary>
internal sealed class PushInbox(IAsyncStreamReader<PushMessage> messages, CancellationToken cancellationToken)
{
    private PushMessage? _current;

    /// <summary>What it is; none after the agent ended its side.</summary>
    public Case Kind => _current?.Kind ?? Case.None;

    public V1.PushScanRequest Request =>
        _current?.Request ?? throw new InvalidOperationException("Occurrences are no request.");

    public OccurrenceFrame Frame =>
        _current?.Occurrences ?? throw new InvalidOperationException("Only occurrences are frames.");

    public async Task MoveAsync()
    {
        _current = await messages.MoveNext(cancellationToken) ? messages.Current : null;
        if (_current is { Kind: Case.None })
        {
            throw PushErrors.Malformed();
        }
    }

    public void Demand(Case kind)
    {
        if (Kind != kind)
        {
            throw PushErrors.OutOfOrder(kind.ToString(), _current is null ? "the end of the stream" : Kind.ToString());
        }
    }
}
