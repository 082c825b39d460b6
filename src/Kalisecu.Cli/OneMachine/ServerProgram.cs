namespace Kalisecu.Cli.OneMachine;

/// <summary>How our other programs are started from here.</summary>
internal static class ServerProgram
{
    private const string Name = "Kalisecu.Server";

    public static IReadOnlyList<string> Command(DataFolder data) => ["dotnet", Find(), "--settings", data.Settings];

    // Beside us when published together; in its own folder of the build output otherwise.
    private static string Find()
    {
        var own = AppContext.BaseDirectory.TrimEnd('/');
        string[] places =
        [
            Path.Combine(own, Name + ".dll"),
            Path.GetFullPath(Path.Combine(own, "..", "..", Name, Path.GetFileName(own), Name + ".dll")),
        ];

        // Its settings beside it tell a program from the copy of its library that a test's output holds.
        return places.FirstOrDefault(place => File.Exists(Path.ChangeExtension(place, ".runtimeconfig.json")))
            ?? throw new StepFailed(
                $"{Name}.dll is missing beside {own}",
                "build the solution: ./kalisecu does it by itself"
            );
    }
}
