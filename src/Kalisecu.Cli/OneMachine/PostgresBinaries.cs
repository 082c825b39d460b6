namespace Kalisecu.Cli.OneMachine;

/// <summary>Debian's PostgreSQL 15 on this machine.</summary>
internal static class PostgresBinaries
{
    /// <summary>PostgreSQL refuses to run as root; Debian's package brings this user.</summary>
    public const string User = "postgres";

    private const string Folder = "/usr/lib/postgresql/15/bin";

    public static string Find(string program)
    {
        var file = Path.Combine(Folder, program);
        return File.Exists(file)
            ? file
            : throw new StepFailed(
                $"{file} is missing",
                "install PostgreSQL 15: apt-get install postgresql-15 (./kalisecu does it by itself)"
            );
    }
}
