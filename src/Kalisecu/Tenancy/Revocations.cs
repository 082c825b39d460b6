using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _watched = new(StringComparer.Ordinal);

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

    /// <summary>A token that is cancelled when the key is revoked. Watching costs one entry until the key is revoked or forgotten.</summary>
    public CancellationToken Watch(string key) =>
        _watched.GetOrAdd(key, static _ => new CancellationTokenSource()).Token;

    /// <summary>Called by the listener for each notification; also directly when a check finds what a lost one missed.</summary>
    public void Announce(string key)
    {
        Interlocked.Increment(ref _heard);
        if (_watched.TryRemove(key, out var source))
        {
            source.Cancel();
            source.Dispose();
        }
    }
}
