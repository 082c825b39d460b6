using System.Runtime.CompilerServices;
using Kalisecu.Tenancy;

namespace Kalisecu.Tests.Tenancy;

public sealed class RevocationTests
{
    private readonly Revocations _revocations = new();

    [Fact]
    public void Everybody_who_watches_a_key_hears_its_revocation()
    {
        var (first, second) = (_revocations.Watch("agent:1"), _revocations.Watch("agent:1"));
        var other = _revocations.Watch("agent:2");

        _revocations.Announce("agent:1");

        Assert.True(first.IsCancellationRequested);
        Assert.True(second.IsCancellationRequested);
        Assert.False(other.IsCancellationRequested);
    }

    [Fact]
    public void A_registration_alone_keeps_the_watch_alive()
    {
        var heard = false;
        using var registration = Register(() => heard = true);
        Collect();

        _revocations.Announce("session:1");

        Assert.True(heard);
    }

    [Fact]
    public void Watching_leaves_nothing_behind_when_nobody_keeps_the_token()
    {
        var kept = Enumerable.Range(0, 10).Select(n => _revocations.Watch($"kept:{n}")).ToList();
        for (var round = 0; round < 50; round++)
        {
            WatchMany(round);
            Collect();
        }

        Assert.InRange(_revocations.Kept, kept.Count, 4096);
        _revocations.Announce("kept:3");
        Assert.True(kept[3].IsCancellationRequested);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WatchMany(int round)
    {
        for (var n = 0; n < 1000; n++)
        {
            _ = _revocations.Watch($"session:{round}-{n}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private CancellationTokenRegistration Register(Action heard) => _revocations.Watch("session:1").Register(heard);

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
