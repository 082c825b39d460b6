namespace Kalisecu.Cli.OneMachine;

/// <summary>A step that did not work, with what a person can do about it.</summary>
internal sealed class StepFailed(string problem, string advice, Exception? cause = null) : Exception(problem, cause)
{
    public string Advice { get; } = advice;
}
