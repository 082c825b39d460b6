using System.Security.Cryptography;
using System.Text;

namespace Kalisecu.Agent.Enrolment;

/// <summary>Where an agent keeps who it is and what it has still to push. Files appear whole or not at all.</summary>
internal sealed class StateFolder(string path)
{
    public const string Variable = "KALISECU_AGENT_STATE";
    private const string Default = "/var/lib/kalisecu-agent";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The folder that an option names, else the environment, else the system's.</summary>
    public static StateFolder Choose(string? option) =>
        new(
            option is { Length: > 0 } ? option
            : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
            : Default
        );

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder unless it is there; only its owner may look into it.</summary>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path, OwnerFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw AgentProblem.StateNotWritable(Path, exception.Message);
        }
    }

    /// <summary>Keeps other agents away from what this one changes, until disposed.</summary>
    public FileStream Lock(string name = "lock")
    {
        Create();
        try
        {
            return new FileStream(
                File(name),
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerFile,
                }
            );
        }
        catch (UnauthorizedAccessException exception)
        {
            throw AgentProblem.StateNotWritable(Path, exception.Message);
        }
        catch (IOException)
        {
            throw AgentProblem.StateInUse(Path);
        }
    }

    public string? Read(string name)
    {
        try
        {
            return System.IO.File.ReadAllText(File(name));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw AgentProblem.StateNotWritable(Path, exception.Message);
        }
    }

    /// <summary>Written beside, flushed and renamed: a crash leaves the old file or the new one.</summary>
    public void Write(string name, string text)
    {
        var temporary = File($"{name}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}.new");
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerFile,
            };
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            System.IO.File.Move(temporary, File(name), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw AgentProblem.StateNotWritable(Path, exception.Message);
        }
    }

    public void Delete(string name) => System.IO.File.Delete(File(name));
}
