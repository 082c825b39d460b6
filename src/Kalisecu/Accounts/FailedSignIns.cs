using System.Collections.Concurrent;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>
/// Wrong attempts on an address as this process saw them, whether or not anybody has it: who asks learns the same of both.
/// It only tells when to try again; what stops guessing is the lock on the account itself, in the database.
/// </summary>
internal sealed class FailedSignIns(IClock clock)
{
    // Ours: about 10 MB. Beyond it what is over goes; if that is not enough, all: then refusals only say less.
    private const int Maximum = 50_000;

    private readonly ConcurrentDictionary<string, LockOut> _byAddress = new(StringComparer.Ordinal);

    /// <summary>Refuses ACCOUNT_LOCKED after too many wrong attempts.</summary>
    public void Demand(byte[] emailHash)
    {
        var now = clock.GetCurrentInstant();
        if (_byAddress.TryGetValue(Key(emailHash), out var known) && known.LockedUntil > now)
        {
            throw AccountErrors.Locked(known.LockedUntil.Value - now);
        }
    }

    public void Count(byte[] emailHash)
    {
        var now = clock.GetCurrentInstant();
        MakeRoom(now);
        _byAddress.AddOrUpdate(
            Key(emailHash),
            _ => new LockOut(0, null, null).AfterFailure(now),
            (_, known) => known.AfterFailure(now)
        );
    }

    /// <summary>The person got in, or was given something new to get in with.</summary>
    public void Forget(byte[] emailHash) => _byAddress.TryRemove(Key(emailHash), out _);

    private void MakeRoom(Instant now)
    {
        if (_byAddress.Count < Maximum)
        {
            return;
        }

        foreach (var (key, known) in _byAddress)
        {
            if (known.IsOver(now))
            {
                _byAddress.TryRemove(key, out _);
            }
        }

        if (_byAddress.Count >= Maximum)
        {
            _byAddress.Clear();
        }
    }

    private static string Key(byte[] emailHash) => Convert.ToHexString(emailHash);
}
