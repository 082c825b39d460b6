using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>How many connections all pushes of this process use at once; the rest of the pool stays for everything else.</summary>
internal sealed class PushGate : IDisposable
{
    // Half of the pool of 16: two lanes for each of four pushes, more than two cores can feed.
    private readonly SemaphoreSlim _lanes = new(8);

    public Task EnterAsync(CancellationToken cancellationToken) => _lanes.WaitAsync(cancellationToken);

    public void Leave() => _lanes.Release();

    public void Dispose() => _lanes.Dispose();
}

/// <summary>
/// Writes occurrences on up to two connections: while one commits, the other copies. A connection is held only while there is
/// something to write, so agents that think or crawl keep none.
/// </summary>
internal sealed class PushLanes(
    TenantDatabase database,
    PushGate gate,
    PushTarget target,
    DataKey key,
    ChannelWriter<V1.PushScanResponse> answers,
    CancellationTokenSource ending
)
{
    public const int MaximumUnacknowledged = 16;

    // A commit for each of these many messages: one fdatasync for about 4 MB.
    private const int GroupSize = 4;

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

    public void Add(OccurrenceFrame frame, int count)
    {
        lock (_lock)
        {
            if (++_received - _acknowledged > MaximumUnacknowledged)
            {
                throw PushErrors.TooManyUnacknowledged(MaximumUnacknowledged);
            }
        }

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
        using var tuples = new OccurrenceTuples(target, key);
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
                    tuples.Clear();
                    group.ForEach(f => tuples.Add(f.Frame, f.Count));
                    tuples.Finish();
                    connection = await WriteAsync(connection, tuples.Written, cancellationToken);
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
        lock (_lock)
        {
            while (group.Count < GroupSize && _frames.Reader.TryRead(out var frame))
            {
                group.Add(frame);
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

    private async Task<TenantConnection> WriteAsync(
        TenantConnection? held,
        ReadOnlyMemory<byte> tuples,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await WriteAsync(
                held,
                tuples,
                target.IsResumed ? PushSql.InsertStagedMissing : PushSql.InsertStaged,
                cancellationToken
            );
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            // Something is there already: what an older stream wrote at the last moment. The broken transaction took its
            // connection along.
            return await WriteAsync(null, tuples, PushSql.InsertStagedMissing, cancellationToken);
        }
    }

    private async Task<TenantConnection> WriteAsync(
        TenantConnection? held,
        ReadOnlyMemory<byte> tuples,
        string insert,
        CancellationToken cancellationToken
    )
    {
        var connection = held;
        try
        {
            if (connection is null)
            {
                connection = await database.OpenAsync(target.TenantId, cancellationToken);
                await using var create = connection.Command(PushSql.CreateStage);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }
            else
            {
                await connection.BeginAgainAsync(cancellationToken);
            }

            await using (
                var copy = await connection.Connection.BeginRawBinaryCopyAsync(PushSql.CopyToStage, cancellationToken)
            )
            {
                await copy.WriteAsync(tuples, cancellationToken);
            }

            await InsertAsync(connection, insert, cancellationToken);
            await connection.CommitAsync(cancellationToken);
            return connection;
        }
        catch
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            throw;
        }
    }

    private async Task InsertAsync(TenantConnection connection, string insert, CancellationToken cancellationToken)
    {
        await using var batch = connection.Batch();
        var fence = batch.CreateBatchCommand();
        fence.CommandText = PushSql.Fence;
        PushSql.Add(fence.Parameters, target.TenantId, target.ScanId, target.PushId);
        batch.BatchCommands.Add(fence);
        var rows = batch.CreateBatchCommand();
        rows.CommandText = insert;
        PushSql.Add(rows.Parameters, target.TenantId, target.Tool, target.ScanId, target.SiteId, target.Time);
        batch.BatchCommands.Add(rows);
        if (await batch.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw PushErrors.UnderWay(target.ScanId);
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
                answers.TryWrite(
                    new V1.PushScanResponse { Acknowledged = new V1.Acknowledged { Sequence = _acknowledged } }
                );
            }
        }
    }
}
