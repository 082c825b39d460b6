using System.Threading.Channels;
using Grpc.Core;

namespace Kalisecu.Findings;

/// <summary>
/// What the server says on one stream, in order. It does not pile up for an agent that sends and never listens: answers to
/// ids hold the stream back, and of acknowledgements, which include one another, only the newest waits.
/// </summary>
internal sealed class PushAnswers
{
    // Each answers up to 20,000 ids.
    private const int MaximumWaiting = 8;

    // Null wakes the writer for an acknowledgement. When the channel is full it looks anyway.
    private readonly Channel<V1.PushScanResponse?> _waiting = Channel.CreateBounded<V1.PushScanResponse?>(
        new BoundedChannelOptions(MaximumWaiting) { SingleReader = true }
    );
    private ulong _acknowledged;
    private ulong _told;

    public ValueTask AddAsync(V1.PushScanResponse answer, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync(answer, cancellationToken);

    /// <summary>All batches up to this one are durable. Never waits: a lane holds a connection.</summary>
    public void Acknowledge(ulong sequence)
    {
        Volatile.Write(ref _acknowledged, sequence);
        _waiting.Writer.TryWrite(null);
    }

    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Sends until all was said; ends the stream when nobody listens any more.</summary>
    public async Task SendAsync(IServerStreamWriter<V1.PushScanResponse> responses, CancellationTokenSource ending)
    {
        try
        {
            await foreach (var answer in _waiting.Reader.ReadAllAsync(CancellationToken.None))
            {
                await SendAcknowledgedAsync(responses, ending.Token);
                if (answer is not null)
                {
                    await responses.WriteAsync(answer, ending.Token);
                }
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The agent is gone; what is durable stays, and it comes again. Whoever waits to say something waits in vain.
            await ending.CancelAsync();
        }
    }

    private async Task SendAcknowledgedAsync(
        IServerStreamWriter<V1.PushScanResponse> responses,
        CancellationToken cancellationToken
    )
    {
        var acknowledged = Volatile.Read(ref _acknowledged);
        if (acknowledged > _told)
        {
            _told = acknowledged;
            await responses.WriteAsync(
                new V1.PushScanResponse { Acknowledged = new V1.Acknowledged { Sequence = acknowledged } },
                cancellationToken
            );
        }
    }
}
