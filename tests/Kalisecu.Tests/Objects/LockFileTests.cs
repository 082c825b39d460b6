using Kalisecu.Objects;
using Kalisecu.TestKit;

namespace Kalisecu.Tests.Objects;

public sealed class LockFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_comes_second_waits_until_the_first_lets_go()
    {
        var first = await LockFile.TakeAsync(_folder["lock"], Patience, Cancel);
        var second = LockFile.TakeAsync(_folder["lock"], Patience, Cancel);

        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await using var held = await second;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["lock"]));
    }

    [Fact]
    public async Task Nobody_waits_for_ever()
    {
        await using var held = await LockFile.TakeAsync(_folder["lock"], Patience, Cancel);

        var refused = await Assert.ThrowsAsync<TimeoutException>(() =>
            LockFile.TakeAsync(_folder["lock"], TimeSpan.FromMilliseconds(20), Cancel)
        );

        Assert.Contains(_folder["lock"], refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            LockFile.TakeAsync(_folder["no/such/lock"], Patience, Cancel)
        );
    }
}
