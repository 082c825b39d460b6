using System.Text.Json;

namespace Kalisecu.Cli.OneMachine;

/// <summary>A process of the platform as others see it.</summary>
internal sealed record RunningProcess(string Name, ProcessIdentity Identity, int? Port, int Restarts);

/// <summary>What runs on a data folder, for `status`, `down` and the next `up`; the lock beside it is the truth.</summary>
internal sealed record RunFile(ProcessIdentity Supervisor, bool IsReady, IReadOnlyList<RunningProcess> Processes)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string PathOf(DataFolder data) => Path.Combine(data.Run, "up.json");

    public static RunFile? Read(DataFolder data)
    {
        try
        {
            return JsonSerializer.Deserialize<RunFile>(File.ReadAllText(PathOf(data)));
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The supervisor that runs now, or null; a file left by a killed one does not count.</summary>
    public static RunFile? Running(DataFolder data) => Read(data) is { Supervisor.IsAlive: true } run ? run : null;

    public void Write(DataFolder data)
    {
        var temporary = PathOf(data) + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, Indented));
        File.Move(temporary, PathOf(data), overwrite: true);
    }

    /// <summary>Held as long as a supervisor lives; the kernel lets go of it, however that ends. Null when another holds it.</summary>
    public static FileStream? TryLock(DataFolder data)
    {
        try
        {
            return new FileStream(
                Path.Combine(data.Run, "up.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null;
        }
    }
}
