using System.IO.MemoryMappedFiles;
using NodaTime;

namespace Kalisecu.TestWorker;

/// <summary>
/// A clock that goes as fast as the real one and that a test moves forward in every process at once: how far it is ahead
/// stands in a file that all of them map. Without a file it is the real time. Waiting takes as long as it takes.
/// </summary>
internal sealed class SharedClock : TimeProvider, IClock, IDisposable
{
    /// <summary>Names the file, in the environment of a process.</summary>
    public const string Variable = "TEST_CLOCK";

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _ahead;

    private SharedClock(string? path)
    {
        if (path is not null)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, sizeof(long));
            _ahead = _file.CreateViewAccessor(0, sizeof(long));
        }
    }

    /// <summary>The clock of this process.</summary>
    public static SharedClock Read() => new(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Makes one that a test moves.</summary>
    public static SharedClock Make(string path, Instant now)
    {
        File.WriteAllBytes(path, new byte[sizeof(long)]);
        var clock = new SharedClock(path);
        clock.MoveTo(now);
        return clock;
    }

    public void MoveTo(Instant moment) =>
        _ahead!.Write(0, (moment - SystemClock.Instance.GetCurrentInstant()).BclCompatibleTicks);

    public Instant GetCurrentInstant() =>
        SystemClock.Instance.GetCurrentInstant() + Duration.FromTicks(_ahead?.ReadInt64(0) ?? 0);

    public override DateTimeOffset GetUtcNow() => GetCurrentInstant().ToDateTimeOffset();

    public void Dispose()
    {
        _ahead?.Dispose();
        _file?.Dispose();
    }
}
