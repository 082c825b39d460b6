namespace Kalisecu.Cli.OneMachine;

/// <summary>A step that did not work, with what a person can do about it.</summary>
internal sealed class StepFailed : Exception
{
    public StepFailed(string problem, string advice, Exception? cause = null)
        : base(problem, cause) => Advice = advice;

    public StepFailed(string problem, string advice, int exitCode)
        : base(problem) => (Advice, ExitCode) = (advice, exitCode);

    public string Advice { get; }

    public int ExitCode { get; } = ExitCodes.Refused;
}
