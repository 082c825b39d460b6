namespace Kalisecu.Objects;

/// <summary>
/// A file that one process at a time holds. Who holds it lets go of it at its end, however that comes; the file stays, for
/// only its lock counts.
/// </summary>
internal static class LockFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until nobody else holds it.</summary>
    /// <param name="within">Who waits this long faces something broken.</param>
    /// <exception cref="TimeoutException">Somebody held it all the time.</exception>
    public static async Task<FileStream> TakeAsync(string path, TimeSpan within, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = Shortest; ; pause = pause < Longest ? pause * 2 : Longest)
        {
            try
            {
                return Open(path);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (TimeProvider.System.GetElapsedTime(started) >= within)
                {
                    throw new TimeoutException(
                        $"Another process has held {path} for longer than {within.TotalSeconds:0} seconds.",
                        exception
                    );
                }
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    private static FileStream Open(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerOnly,
            }
        );
}
