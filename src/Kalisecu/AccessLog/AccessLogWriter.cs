using System.Threading.Channels;
using Kalisecu.Persistence;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Kalisecu.AccessLog;

/// <summary>An entry whose call waits until it is durable.</summary>
internal sealed class PendingEntry(AccessDraft draft)
{
    // Continuations must not run on the writer, which serves everybody.
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AccessDraft Draft { get; } = draft;

    public Task Written => _written.Task;

    public void Done() => _written.TrySetResult();

    public void Fail() => _written.TrySetException(AccessLogErrors.Unavailable());
}

/// <summary>
/// Makes entries durable, many in one transaction: what comes in while one is under way goes together with the next.
/// One writer is one chain; after a failure, when nobody knows what the database kept, it begins a new one.
/// </summary>
internal sealed class AccessLogWriter : IAsyncDisposable
{
    // Bounds one transaction; at 64 calls at once a batch holds about 30.
    private const int MaximumTogether = 1024;

    // What may wait before callers have to: a few batches, so that a slow database is felt at once and memory stays small.
    private const int MaximumWaiting = 4 * MaximumTogether;

    // A call may not wait for ever: after this it is refused, and its client tries again.
    private const int WriteWithinSeconds = 10;

    private readonly Channel<PendingEntry> _pending = Channel.CreateBounded<PendingEntry>(
        new BoundedChannelOptions(MaximumWaiting) { SingleReader = true, AllowSynchronousContinuations = false }
    );
    private readonly NpgsqlDataSource _source;
    private readonly IClock _clock;
    private readonly ILogger<AccessLogWriter> _log;
    private readonly Task _worker;
    private AccessChain _chain;
    private NpgsqlConnection? _connection;
    private LocalDate? _ensured;

    public AccessLogWriter(NpgsqlDataSource source, IClock clock, ILogger<AccessLogWriter> log)
    {
        _source = source;
        _clock = clock;
        _log = log;
        _chain = NewChain();
        _worker = Task.Run(WorkAsync);
    }

    /// <summary>Ends when the entry is durable; refuses when it cannot be. A call that went away is logged all the same.</summary>
    public async ValueTask AppendAsync(AccessDraft draft)
    {
        var entry = new PendingEntry(draft);
        if (!_pending.Writer.TryWrite(entry))
        {
            try
            {
                await _pending.Writer.WriteAsync(entry);
            }
            catch (ChannelClosedException)
            {
                throw AccessLogErrors.Unavailable();
            }
        }

        await entry.Written;
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _worker;
        await LoseConnectionAsync();
    }

    private async Task WorkAsync()
    {
        var together = new List<PendingEntry>(MaximumTogether);
        while (await _pending.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < MaximumTogether && _pending.Reader.TryRead(out var next))
            {
                together.Add(next);
            }

            if (together.Count > 0)
            {
                await WriteAsync(together);
            }
        }
    }

    private async Task WriteAsync(List<PendingEntry> entries)
    {
        try
        {
            var batch = _chain.Link(entries, _clock.GetCurrentInstant());
            var connection = _connection ??= await _source.OpenConnectionAsync();
            await EnsurePartitionsAsync(connection, batch.Month);
            await using var append = AccessLogSql.Append(connection, batch);
            append.Timeout = WriteWithinSeconds;
            await append.ExecuteNonQueryAsync();
            _chain.MoveTo(batch);
            entries.ForEach(static e => e.Done());
        }
#pragma warning disable CA1031 // Whatever it was, those who wait must hear of it and the next ones must be served.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            AccessLogLog.NotWritten(_log, exception, entries.Count);
            _chain = NewChain();
            await LoseConnectionAsync();
            entries.ForEach(static e => e.Fail());
        }
    }

    // This month and the next two, so that no first call of a month waits for a table to be made.
    private async Task EnsurePartitionsAsync(NpgsqlConnection connection, LocalDate month)
    {
        if (_ensured == month)
        {
            return;
        }

        for (var ahead = 0; ahead <= 2; ahead++)
        {
            await using var ensure = new NpgsqlCommand(AccessLogSql.EnsurePartition, connection);
            ensure.Parameters.Add(new NpgsqlParameter<LocalDate> { TypedValue = month.PlusMonths(ahead) });
            await ensure.ExecuteNonQueryAsync();
        }

        _ensured = month;
    }

    private AccessChain NewChain()
    {
        var chain = new AccessChain(Ids.New(_clock.GetCurrentInstant()));
        AccessLogLog.ChainBegun(_log, chain.WriterId);
        return chain;
    }

    private async Task LoseConnectionAsync()
    {
        if (_connection is { } lost)
        {
            _connection = null;
            await lost.DisposeAsync();
        }
    }
}
