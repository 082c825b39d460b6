using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Tenancy;

/// <summary>
/// Ends at once what a revocation ends, in every process: the transaction that revokes notifies over PostgreSQL, each
/// process forgets what it had cached under the key and cancels the calls that watch it.
/// </summary>
internal sealed class Revocations
{
    public const string Channel = "kalisecu_revoked";

    // Below this many, dead entries are not worth a sweep.
    private const int SweptFrom = 1024;

    // Weakly: a token, and a registration on it, keep their source alive; who stopped watching leaves nothing behind.
    private readonly Dictionary<string, WeakReference<CancellationTokenSource>> _watched = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _sweepAt = SweptFrom;

    private long _heard;

    /// <summary>How many were heard so far: who reads, then watches, sees by it whether one slipped in between.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    public static string Agent(Guid agentId) => $"agent:{agentId:D}";

    public static string Session(Guid sessionId) => $"session:{sessionId:D}";

    /// <summary>All sessions of one person.</summary>
    public static string PersonSessions(Guid personId) => $"person:{personId:D}";

    public static string Scan(Guid scanId) => $"scan:{scanId:D}";

    /// <summary>Takes effect when the transaction commits, and only then.</summary>
    public static Task PublishAsync(KalisecuDb db, string key, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_notify({Channel}, {key})", cancellationToken);

    /// <summary>How many entries are kept: at most about twice as many as are watched.</summary>
    public int Kept
    {
        get
        {
            lock (_gate)
            {
                return _watched.Count;
            }
        }
    }

    /// <summary>A token that is cancelled when the key is revoked; watched for as long as the caller keeps it or a registration on it.</summary>
    public CancellationToken Watch(string key)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue(key, out var known) && known.TryGetTarget(out var watched))
            {
                return watched.Token;
            }

            SweepIfGrown();
            var source = new CancellationTokenSource();
            _watched[key] = new WeakReference<CancellationTokenSource>(source);
            return source.Token;
        }
    }

    /// <summary>Called by the listener for each notification; also directly when a check finds what a lost one missed.</summary>
    public void Announce(string key)
    {
        Interlocked.Increment(ref _heard);
        WeakReference<CancellationTokenSource>? watched;
        lock (_gate)
        {
            _watched.Remove(key, out watched);
        }

        if (watched is not null && watched.TryGetTarget(out var source))
        {
            source.Cancel();
            source.Dispose();
        }
    }

    private void SweepIfGrown()
    {
        if (_watched.Count < _sweepAt)
        {
            return;
        }

        foreach (var (key, watched) in _watched)
        {
            if (!watched.TryGetTarget(out _))
            {
                _watched.Remove(key);
            }
        }

        // Twice what is left: each entry pays for one look at it, however many there are.
        _sweepAt = Math.Max(SweptFrom, 2 * _watched.Count);
    }
}
