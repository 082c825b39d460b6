using Kalisecu.Findings;
using Kalisecu.Hosting;

namespace Kalisecu.Tests.Findings;

public sealed class PushMemoryTests
{
    private const int Megabyte = 1024 * 1024;

    private readonly PushMemory _memory = new(
        new ServerSettings { Agents = new ServerSettings.AgentSettings { PushMegabytes = 8 } }
    );

    [Fact]
    public async Task What_finds_no_room_waits_until_some_is_given_back()
    {
        await _memory.TakeAsync(5 * Megabyte, CancellationToken.None);

        var waiting = _memory.TakeAsync(4 * Megabyte, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _memory.GiveBack(5 * Megabyte);
        await waiting;

        Assert.Equal(4 * Megabyte, _memory.Held);
    }

    [Fact]
    public async Task Nobody_overtakes_those_who_wait()
    {
        await _memory.TakeAsync(5 * Megabyte, CancellationToken.None);
        var large = _memory.TakeAsync(8 * Megabyte, CancellationToken.None);

        var small = _memory.TakeAsync(Megabyte, CancellationToken.None);
        Assert.False(small.IsCompleted);
        _memory.GiveBack(5 * Megabyte);
        await large;
        _memory.GiveBack(8 * Megabyte);
        await small;

        Assert.Equal(Megabyte, _memory.Held);
    }

    [Fact]
    public async Task Who_goes_away_takes_nothing_and_holds_nobody_up()
    {
        using var gone = new CancellationTokenSource();
        await _memory.TakeAsync(8 * Megabyte, CancellationToken.None);
        var first = _memory.TakeAsync(8 * Megabyte, gone.Token);
        var second = _memory.TakeAsync(Megabyte, CancellationToken.None);

        await gone.CancelAsync();
        _memory.GiveBack(8 * Megabyte);
        await second;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(Megabyte, _memory.Held);
    }

    [Fact]
    public async Task What_is_larger_than_all_there_is_fits_alone()
    {
        await _memory.TakeAsync(20 * Megabyte, CancellationToken.None);

        Assert.Equal(20 * Megabyte, _memory.Held);
    }
}
