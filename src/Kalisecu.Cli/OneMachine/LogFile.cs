namespace Kalisecu.Cli.OneMachine;

/// <summary>Reads logs from their end.</summary>
internal static class LogFile
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    // Ours: more lines than anybody asks for, and yet not the whole of a huge log.
    private const int LastBytes = 4 << 20;

    public static string LastLine(string file) => Last(file, 1) is [var line] ? line : "it said nothing";

    public static IReadOnlyList<string> Last(string file, int lines)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = Open(file);
        stream.Seek(-Math.Min(LastBytes, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
    }

    /// <summary>Writes what is added to a file until cancelled; a file that is set aside is followed by its successor.</summary>
    public static async Task FollowAsync(Func<string?> newest, TextWriter writer, CancellationToken cancellationToken)
    {
        var file = newest();
        var position = file is not null && File.Exists(file) ? new FileInfo(file).Length : 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var current = newest();
            if (current is not null && File.Exists(current))
            {
                await using var stream = Open(current);
                if (!string.Equals(current, file, StringComparison.Ordinal) || stream.Length < position)
                {
                    file = current;
                    position = 0;
                }

                stream.Seek(position, SeekOrigin.Begin);
                using var reader = new StreamReader(stream);
                await writer.WriteAsync(await reader.ReadToEndAsync(cancellationToken));
                await writer.FlushAsync(cancellationToken);
                position = stream.Position;
            }

            await Task.Delay(LookAgain, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
