namespace Kalisecu.Cli.OneMachine;

/// <summary>
/// Shows the main job on a data folder that has not seen it: its steps run in their order, and the folder is marked when
/// all are done, so that an interrupted first run is finished by the next.
/// </summary>
internal sealed class FirstRun(DataFolder data, Progress progress)
{
    private string Mark => data["run/first-run-done"];

    public bool IsDue => !File.Exists(Mark);

    /// <summary>Runs what is left to do, against the running server.</summary>
    public async Task RunAsync(ConnectionTarget target, CancellationToken cancellationToken)
    {
        foreach (var step in Steps(target))
        {
            await progress.Step(step.Doing, step.Done, () => step.Work(cancellationToken));
        }

        await File.WriteAllTextAsync(Mark, "", cancellationToken);
    }

    private static IEnumerable<FirstRunStep> Steps(ConnectionTarget target)
    {
        yield return new FirstRunStep(
            "Asking the server how it is",
            "The server answers",
            cancellationToken => ServerHealth.AskAsync(target, cancellationToken)
        );
    }
}

/// <summary>One step of the first run; a repeat of it changes nothing more.</summary>
internal sealed record FirstRunStep(string Doing, string Done, Func<CancellationToken, Task> Work);
