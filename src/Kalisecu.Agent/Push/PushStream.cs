using System.Buffers;
using System.Threading.Channels;
using Grpc.Core;
using Kalisecu.Agent.Spool;
using Kalisecu.Findings.V1;

namespace Kalisecu.Agent.Push;

/// <summary>One stream of one spooled scan. It remembers nothing: a broken one is begun anew, and the server asks for what it lacks.</summary>
internal sealed class PushStream(CallInvoker server, SpoolEntry entry, IProgress<PushProgress>? progress = null)
    : IDisposable
{
    // The limits of the contract.
    private const int MaximumUnacknowledged = 16;
    private const int BodiesTogether = 2_000;
    private const int IdsTogether = 20_000;

    // Batches of ids that the server has not answered: half of the ids that it may ask for without their bodies coming.
    private const int MaximumUnanswered = 5;

    // Below the 4 MiB of a message, with room for its head.
    private const int BytesTogether = 3_500_000;

    private readonly SemaphoreSlim _window = new(MaximumUnacknowledged);
    private readonly Channel<IdsNeeded> _needed = Channel.CreateUnbounded<IdsNeeded>();
    private readonly WantedBodies _wanted = new();
    private ulong _sequence;
    private long _acknowledged;
    private int _answered;

    /// <summary>Pushes until the scan is completed.</summary>
    /// <exception cref="RpcException">the server refused, or is away</exception>
    /// <exception cref="RulesRenamed">the server's catalogue names rules otherwise</exception>
    public async Task<PushCounts> RunAsync(string leaseId, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = server.AsyncDuplexStreamingCall(
            PushMethod.PushScan,
            null,
            new CallOptions(cancellationToken: ending.Token)
        );
        try
        {
            var open = entry.Open.Clone();
            open.LeaseId = leaseId;
            await SendAsync(call, new PushScanRequest { Open = open });
            if (!await call.ResponseStream.MoveNext(ending.Token))
            {
                throw Broken();
            }

            var opened = call.ResponseStream.Current.Opened;
            if (opened.Plan == PushPlan.Rename)
            {
                throw new RulesRenamed(opened);
            }

            var plan = opened.Plan;
            progress?.Report(new PushProgress(plan, 0, (long)open.OccurrenceCount));
#pragma warning disable CA2025 // It is awaited below, before `ending` goes.
            var reading = ReadAsync(call.ResponseStream, plan, ending);
#pragma warning restore CA2025
            try
            {
                await SendAllAsync(call, plan, ending.Token);
                await call.RequestStream.CompleteAsync();
            }
            catch (Exception exception)
                when (exception
                        is RpcException
                            or InvalidOperationException
                            or OperationCanceledException
                            or IOException
                )
            {
                // Why the server ended the stream is what the reading side gets told.
                cancellationToken.ThrowIfCancellationRequested();
            }

            return await reading;
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    public void Dispose() => _window.Dispose();

    private async Task SendAllAsync(
        AsyncDuplexStreamingCall<PushOut, PushScanResponse> call,
        PushPlan plan,
        CancellationToken cancellationToken
    )
    {
        if (plan != PushPlan.Unchanged)
        {
            foreach (var findings in entry.Findings)
            {
                await SendAsync(call, findings);
            }

            var rows = entry.ReadIds();
            await using var bodies = entry.OpenBodies();
            if (plan == PushPlan.Ids)
            {
                await NegotiateAsync(call, rows, bodies, cancellationToken);
            }
            else
            {
                _wanted.Add(0, rows.Length);
            }

            await SendBodiesAsync(call, rows, bodies, all: true, cancellationToken);
            foreach (var message in entry.Observations.Concat(entry.Coverage))
            {
                await SendAsync(call, message);
            }
        }

        var open = entry.Open;
        await SendAsync(
            call,
            new PushScanRequest
            {
                Close = new PushClose
                {
                    OccurrenceCount = open.OccurrenceCount,
                    FindingCount = open.FindingCount,
                    ObservationCount = open.ObservationCount,
                },
            }
        );
    }

    private async Task NegotiateAsync(
        AsyncDuplexStreamingCall<PushOut, PushScanResponse> call,
        IndexedOccurrence[] rows,
        FileStream bodies,
        CancellationToken cancellationToken
    )
    {
        var sent = 0;
        for (var from = 0; from < rows.Length; from += IdsTogether)
        {
            while (sent - _answered >= MaximumUnanswered)
            {
                Want(await _needed.Reader.ReadAsync(cancellationToken));
            }

            var batch = IdBatches.Of(rows.AsSpan(from, Math.Min(IdsTogether, rows.Length - from)));
            batch.Sequence = (uint)++sent;
            await SendAsync(call, new PushScanRequest { Ids = batch });
            while (_needed.Reader.TryRead(out var needed))
            {
                Want(needed);
            }

            await SendBodiesAsync(call, rows, bodies, all: false, cancellationToken);
        }

        while (_answered < sent)
        {
            Want(await _needed.Reader.ReadAsync(cancellationToken));
            await SendBodiesAsync(call, rows, bodies, all: false, cancellationToken);
        }
    }

    private void Want(IdsNeeded needed)
    {
        var first = _answered++ * IdsTogether;
        for (var i = 0; i < needed.Ranges.Count; i += 2)
        {
            _wanted.Add(first + (int)needed.Ranges[i], (int)needed.Ranges[i + 1]);
        }
    }

    /// <summary>Sends full batches of what is wanted; with <paramref name="all"/> also the rest.</summary>
    private async Task SendBodiesAsync(
        AsyncDuplexStreamingCall<PushOut, PushScanResponse> call,
        IndexedOccurrence[] rows,
        FileStream bodies,
        bool all,
        CancellationToken cancellationToken
    )
    {
        while (_wanted.Count >= BodiesTogether || (all && _wanted.Count > 0))
        {
            await _window.WaitAsync(cancellationToken);
            var buffer = ArrayPool<byte>.Shared.Rent(BytesTogether);
            try
            {
                var length = _wanted.Take(rows, bodies, BodiesTogether, buffer.AsSpan(0, BytesTogether));
                await call.RequestStream.WriteAsync(
                    new PushOut(null, ++_sequence, buffer.AsMemory(0, length)),
                    cancellationToken
                );
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async Task<PushCounts> ReadAsync(
        IAsyncStreamReader<PushScanResponse> responses,
        PushPlan plan,
        CancellationTokenSource ending
    )
    {
        try
        {
            while (await responses.MoveNext(ending.Token))
            {
                var response = responses.Current;
                switch (response.MessageCase)
                {
                    case PushScanResponse.MessageOneofCase.IdsNeeded:
                        _needed.Writer.TryWrite(response.IdsNeeded);
                        break;
                    case PushScanResponse.MessageOneofCase.Acknowledged:
                        var now = (long)response.Acknowledged.Sequence;
                        _window.Release((int)(now - _acknowledged));
                        _acknowledged = now;
                        progress?.Report(
                            new PushProgress(
                                plan,
                                Math.Min(now * BodiesTogether, (long)entry.Open.OccurrenceCount),
                                (long)entry.Open.OccurrenceCount
                            )
                        );
                        break;
                    case PushScanResponse.MessageOneofCase.Closed:
                        return response.Closed.Counts;
                    default:
                        break;
                }
            }

            throw Broken();
        }
        finally
        {
            _needed.Writer.TryComplete();
            // Whoever sends must not wait for answers that will not come.
            await ending.CancelAsync();
        }
    }

    private static Task SendAsync(AsyncDuplexStreamingCall<PushOut, PushScanResponse> call, PushScanRequest message) =>
        call.RequestStream.WriteAsync(message);

    private static EndOfStreamException Broken() => new("The server ended the push without completing the scan.");
}

/// <summary>How far a push is.</summary>
internal sealed record PushProgress(PushPlan Plan, long Durable, long Total);
