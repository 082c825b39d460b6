using System.Threading.Channels;
using Npgsql;

namespace Kalisecu.Tenancy;

/// <summary>
/// Single-statement reads that share trips to the database: what is asked while a trip is under way goes together with the
/// next one. Each statement still names its own tenant and is judged by row security alone.
/// A call that comes alone waits for nobody. What it gives: docs/benchmarks.md, Calls.
/// </summary>
internal sealed class TenantReads : IAsyncDisposable
{
    // Two trips under way keep both the server and PostgreSQL busy on two cores; more trips carry fewer reads each.
    private const int Workers = 2;

    // Bounds what one trip can delay the reads in it.
    private const int MaximumTogether = 64;

    private readonly Channel<PendingRead> _pending = Channel.CreateBounded<PendingRead>(
        new BoundedChannelOptions(4096) { AllowSynchronousContinuations = false }
    );
    private readonly NpgsqlDataSource _source;
    private readonly Task[] _workers;

    public TenantReads(NpgsqlDataSource source)
    {
        _source = source;
        _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>
    /// Runs one statement for one tenant; <paramref name="read"/> maps the first row, and no row answers null.
    /// Parameters are positional and freshly made for this call.
    /// </summary>
    public Task<T?> SingleAsync<T>(
        Guid tenantId,
        string sql,
        NpgsqlParameter[] parameters,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
        where T : class => SingleAsync(TenantScope.One(tenantId), sql, parameters, read, cancellationToken);

    /// <summary>The same in a scope that sees more than normal work does: see <see cref="RestrictedRows"/>.</summary>
    public async Task<T?> SingleAsync<T>(
        TenantScope scope,
        string sql,
        NpgsqlParameter[] parameters,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var pending = new PendingRead<T>(scope, sql, parameters, read, cancellationToken);
        await _pending.Writer.WriteAsync(pending, cancellationToken);
        return await pending.Result.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await Task.WhenAll(_workers);
    }

    private async Task WorkAsync()
    {
        await using var trips = new ReadTrips(_source);
        var together = new List<PendingRead>(MaximumTogether);
        while (await _pending.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < MaximumTogether && _pending.Reader.TryRead(out var next))
            {
                if (!next.IsCancelled)
                {
                    together.Add(next);
                }
            }

            if (together.Count > 0)
            {
                await trips.RunAsync(together);
            }
        }
    }
}
