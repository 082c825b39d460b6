using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

/// <summary>
/// Writes occurrences on up to two connections: while one commits, the other copies. A connection is held only while there is
/// something to write, so agents that think or crawl keep none.
/// </summary>
internal sealed class PushLanes(
    WriteOccurrences write,
    PushGate gate,
    PushAnswers answers,
    CancellationTokenSource ending
) : IAsyncDisposable
{
    public const int MaximumUnacknowledged = 16;

    // A commit for each of these many messages of the usual size: one fdatasync for about 4 MB. Larger ones go alone, so that
    // what a lane builds from them stays small too.
    private const int GroupSize = 4;
    private const int GroupBytes = 4 * 1024 * 1024;

    // The second connection pays for its temporary table only when there is more than one group.
    private const ulong SecondLaneFrom = GroupSize + 1;

    // How long a connection waits for the next message before it goes back to the pool.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);

    private readonly Channel<(OccurrenceFrame Frame, int Count)> _frames = Channel.CreateUnbounded<(
        OccurrenceFrame,
        int
    )>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly List<Task> _running = [];
    private readonly HashSet<ulong> _durable = [];
    private readonly Lock _lock = new();
    private ulong _received;
    private ulong _acknowledged;

    /// <summary>Ends when there is room for it in memory; until then the stream is not read further.</summary>
    public async Task AddAsync(OccurrenceFrame frame, int count)
    {
        lock (_lock)
        {
            if (++_received - _acknowledged > MaximumUnacknowledged)
            {
                throw PushErrors.TooManyUnacknowledged(MaximumUnacknowledged);
            }
        }

        await frame.HoldAsync(gate.Memory, ending.Token);
        if (frame.Sequence is 1 or SecondLaneFrom)
        {
            _running.Add(Task.Run(() => RunAsync(ending.Token)));
        }

        _frames.Writer.TryWrite((frame, count));
    }

    /// <summary>Waits until all is durable; throws what went wrong.</summary>
    public Task CompleteAsync()
    {
        _frames.Writer.TryComplete();
        return Task.WhenAll(_running);
    }

    /// <summary>After a failure: throws the one that came first in a lane, if one did.</summary>
    public async Task EndAsync()
    {
        _frames.Writer.TryComplete();
        await Task.WhenAll(_running).ContinueWith(static t => t.Exception, TaskScheduler.Default);
        var failure = _running
            .SelectMany(t => t.Exception?.InnerExceptions ?? Enumerable.Empty<Exception>())
            .FirstOrDefault(e => e is not OperationCanceledException);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Gives back what nobody will write any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _frames.Writer.TryComplete();
        await Task.WhenAll(_running).ContinueWith(static t => t.Exception, TaskScheduler.Default);
        while (_frames.Reader.TryRead(out var left))
        {
            left.Frame.Dispose();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _frames.Reader.WaitToReadAsync(cancellationToken))
            {
                await gate.EnterAsync(cancellationToken);
                try
                {
                    await WriteWhileTheyComeAsync(cancellationToken);
                }
                finally
                {
                    gate.Leave();
                }
            }
        }
        catch
        {
            // The stream waits for messages: it must learn now that there is no point.
            await ending.CancelAsync();
            throw;
        }
    }

    private async Task WriteWhileTheyComeAsync(CancellationToken cancellationToken)
    {
        using var tuples = write.Tuples();
        TenantConnection? connection = null;
        try
        {
            do
            {
                var group = Take();
                if (group.Count == 0)
                {
                    continue;
                }

                try
                {
                    tuples.Begin(group);
                    group.ForEach(f => tuples.Add(f.Frame));
                    tuples.Finish();
                    connection = await write.RunAsync(connection, tuples.Written, cancellationToken);
                    Acknowledge(group.Select(f => f.Frame.Sequence));
                }
                finally
                {
                    group.ForEach(f => f.Frame.Dispose());
                }
            } while (await MoreComesAsync(cancellationToken));
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private List<(OccurrenceFrame Frame, int Count)> Take()
    {
        var group = new List<(OccurrenceFrame, int)>(GroupSize);
        var bytes = 0;
        lock (_lock)
        {
            while (
                group.Count < GroupSize
                && _frames.Reader.TryPeek(out var next)
                && (group.Count == 0 || bytes + next.Frame.Length <= GroupBytes)
                && _frames.Reader.TryRead(out next)
            )
            {
                group.Add(next);
                bytes += next.Frame.Length;
            }
        }

        return group;
    }

    private async Task<bool> MoreComesAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Linger);
        try
        {
            return await _frames.Reader.WaitToReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Acknowledge(IEnumerable<ulong> sequences)
    {
        lock (_lock)
        {
            _durable.UnionWith(sequences);
            var before = _acknowledged;
            while (_durable.Remove(_acknowledged + 1))
            {
                _acknowledged++;
            }

            if (_acknowledged > before)
            {
                answers.Acknowledge(_acknowledged);
            }
        }
    }
}
