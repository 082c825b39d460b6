namespace Kalisecu.Cli.OneMachine;

/// <summary>How our other programs are started from here.</summary>
internal static class Programs
{
    private const string ServerProject = "Kalisecu.Server";
    private const string AgentProject = "Kalisecu.Agent";

    public static IReadOnlyList<string> Server(DataFolder data) =>
        ["dotnet", Find(ServerProject, ServerProject), "--settings", data.Settings];

    public static IReadOnlyList<string> Agent(params IReadOnlyList<string> arguments) =>
        ["dotnet", Find(AgentProject, "kalisecu-agent"), .. arguments];

    // Beside us when published together; in its own folder of the build output otherwise.
    private static string Find(string project, string name)
    {
        var own = AppContext.BaseDirectory.TrimEnd('/');
        string[] places =
        [
            Path.Combine(own, name + ".dll"),
            Path.GetFullPath(Path.Combine(own, "..", "..", project, Path.GetFileName(own), name + ".dll")),
        ];

        // Its settings beside it tell a program from the copy of its library that a test's output holds.
        return places.FirstOrDefault(place => File.Exists(Path.ChangeExtension(place, ".runtimeconfig.json")))
            ?? throw new StepFailed(
                $"{name}.dll is missing beside {own}",
                "build the solution: ./kalisecu does it by itself"
            );
    }
}
