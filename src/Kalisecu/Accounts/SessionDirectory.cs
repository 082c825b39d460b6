using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>
/// Answers whose session a token opens. Found sessions are remembered for a few seconds, so that a call does not cost a query;
/// a revocation ends them at once.
/// </summary>
internal sealed class SessionDirectory : IDisposable
{
    // The longest that a revocation could go unheard while the listener reconnects.
    private static readonly TimeSpan RememberFor = TimeSpan.FromSeconds(5);

    // About 20 MB when full; beyond it the least used are asked for again.
    private const int Remembered = 50_000;

    private static readonly Duration UseTimePrecision = Duration.FromMinutes(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Remembered });
    private readonly Dictionary<(string Token, long Heard), Task<Person?>> _loads = [];
    private readonly AllTenants _allTenants;
    private readonly Revocations _revocations;
    private readonly IClock _clock;

    public SessionDirectory(AllTenants allTenants, Revocations revocations, IClock clock)
    {
        _allTenants = allTenants;
        _revocations = revocations;
        _clock = clock;
    }

    /// <summary>The person whose session this token opens, or null: unknown, ended and expired look alike.</summary>
    public async ValueTask<Person?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!_cache.TryGetValue<Person>(token, out var person))
        {
            person = await LoadOnceAsync(token).WaitAsync(cancellationToken);
        }

        return person?.ExpireTime > _clock.GetCurrentInstant() ? person : null;
    }

    public void Dispose() => _cache.Dispose();

    // All calls in flight wait for one read; those that come after a revocation was heard begin another, as it may be older.
    private Task<Person?> LoadOnceAsync(string token)
    {
        var key = (token, _revocations.Heard);
        lock (_loads)
        {
            if (!_loads.TryGetValue(key, out var load))
            {
                // Never at once, so that it leaves the list after it came in; nobody's leaving ends it for the others.
                load = Task.Run(() => LoadAsync(key, CancellationToken.None));
                _loads.Add(key, load);
            }

            return load;
        }
    }

    private async Task<Person?> LoadAsync((string Token, long Heard) key, CancellationToken cancellationToken)
    {
        try
        {
            var person = await ReadAsync(key.Token, cancellationToken);
            if (person is not null)
            {
                Remember(key.Token, person);
                if (_revocations.Heard != key.Heard)
                {
                    // Heard after the session was read and before it was watched: it may have been this one.
                    _cache.Remove(key.Token);
                }
            }

            return person;
        }
        finally
        {
            lock (_loads)
            {
                _loads.Remove(key);
            }
        }
    }

    private async Task<Person?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.Hash(token);
        return await _allTenants.RunAsync(
            async db =>
            {
                var session = await db.Set<Session>()
                    .AsNoTracking()
                    .SingleOrDefaultAsync(s => s.TokenHash == hash && s.EndTime == null, cancellationToken);
                await MarkUsedAsync(db, session, cancellationToken);
                return session?.ToPerson();
            },
            cancellationToken
        );
    }

    // To the minute: who reads sees whether a session is alive, and a busy one does not write with each call.
    private async Task MarkUsedAsync(KalisecuDb db, Session? session, CancellationToken cancellationToken)
    {
        var now = _clock.GetCurrentInstant();
        var before = now - UseTimePrecision;
        if (session is null || session.UseTime > before || session.ExpireTime <= now)
        {
            return;
        }

        await db.Set<Session>()
            .Where(s => s.TenantId == session.TenantId && s.SessionId == session.SessionId && s.UseTime <= before)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.UseTime, now), cancellationToken);
    }

    private void Remember(string token, Person person)
    {
        using var entry = _cache.CreateEntry(token);
        entry.Value = person;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = RememberFor;
        entry.ExpirationTokens.Add(
            new CancellationChangeToken(_revocations.Watch(Revocations.Session(person.SessionId)))
        );
        entry.ExpirationTokens.Add(
            new CancellationChangeToken(_revocations.Watch(Revocations.PersonSessions(person.PersonId)))
        );
    }
}
