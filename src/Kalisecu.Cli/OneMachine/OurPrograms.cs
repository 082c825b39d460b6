using Kalisecu.Jobs;

namespace Kalisecu.Cli.OneMachine;

/// <summary>How our other programs are started from here.</summary>
internal static class OurPrograms
{
    private const string ServerProject = "Kalisecu.Server";
    private const string AgentProject = "Kalisecu.Agent";

    public static IReadOnlyList<string> Server(DataFolder data) =>
        ["dotnet", Find(ServerProject, ServerProject), "--settings", data.Settings];

    public static IReadOnlyList<string> Agent(params IReadOnlyList<string> arguments) =>
        ["dotnet", Find(AgentProject, "kalisecu-agent"), .. arguments];

    public static IReadOnlyList<string> Worker(DataFolder data, Worker worker) =>
        Worker(worker.Program, data.WorkerSettings(worker));

    /// <summary>A worker's program, such as <c>Kalisecu.DeliveryWorker</c>.</summary>
    public static IReadOnlyList<string> Worker(string program, string settings) =>
        ["dotnet", Find(program, program), "--settings", settings];

    // In its own folder of the build output, else beside us as published together. In this order: what builds copy beside a
    // test that refers to a program lacks what the test's own framework has.
    private static string Find(string project, string name)
    {
        var own = AppContext.BaseDirectory.TrimEnd('/');
        string[] places =
        [
            Path.GetFullPath(Path.Combine(own, "..", "..", project, Path.GetFileName(own), name + ".dll")),
            Path.Combine(own, name + ".dll"),
        ];

        // Its settings beside it tell a program from a library.
        return places.FirstOrDefault(place => File.Exists(Path.ChangeExtension(place, ".runtimeconfig.json")))
            ?? throw new StepFailed(
                $"{name}.dll is missing beside {own}",
                "build the solution: ./kalisecu does it by itself"
            );
    }
}
