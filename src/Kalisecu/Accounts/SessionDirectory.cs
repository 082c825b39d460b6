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
        if (!_cache.TryGetValue<Person>(token, out var person) || person is null)
        {
            var heard = _revocations.Heard;
            person = await LoadAsync(token, cancellationToken);
            if (person is null)
            {
                return null;
            }

            Remember(token, person);
            if (_revocations.Heard != heard)
            {
                // A revocation was heard after the session was read and before it was watched: it may have been this one.
                _cache.Remove(token);
            }
        }

        return person.ExpireTime > _clock.GetCurrentInstant() ? person : null;
    }

    public void Dispose() => _cache.Dispose();

    private async Task<Person?> LoadAsync(string token, CancellationToken cancellationToken)
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
