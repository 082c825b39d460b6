using Grpc.Core;
using Kalisecu.Agent.Commands;

namespace Kalisecu.Agent.Enrolment;

/// <summary>What stops the agent and somebody can act on; the text says how, the exit code tells programs.</summary>
internal sealed class AgentProblem(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static AgentProblem NotEnrolled(string folder) =>
        new($"No agent is enrolled in {folder}: run `kalisecu-agent enrol` first.", ExitCodes.NotEnrolled);

    public static AgentProblem StateInUse(string folder) =>
        new($"Another kalisecu-agent works with {folder} just now: wait for it to end.", ExitCodes.TryAgain);

    public static AgentProblem StateDamaged(string file) =>
        new($"{file} cannot be read as an agent's identity: enrol again with a new token.", ExitCodes.NotEnrolled);

    public static AgentProblem StateNotWritable(string folder, string problem) =>
        new($"The state folder {folder} cannot be used ({problem}): choose another with --state.", ExitCodes.NoInput);

    public static AgentProblem CertificateExpired(string folder) =>
        new(
            $"The certificate in {folder} has expired: ask for a new enrolment token and enrol again.",
            ExitCodes.NotEnrolled
        );

    public static AgentProblem AuthorityUnreadable(string file, string problem) =>
        new($"{file} holds no certificate that can be read ({problem}).", ExitCodes.NoInput);

    /// <summary>What the server said, or why it could not be asked.</summary>
    public static AgentProblem Of(RpcException exception) =>
        exception.StatusCode switch
        {
            StatusCode.Unavailable or StatusCode.DeadlineExceeded => new AgentProblem(
                $"The server cannot be reached: {exception.Status.Detail}",
                ExitCodes.Unavailable
            ),
            StatusCode.ResourceExhausted or StatusCode.Aborted => new AgentProblem(
                exception.Status.Detail,
                ExitCodes.TryAgain
            ),
            StatusCode.Internal => new AgentProblem(
                $"The server failed, or refused the connection: {exception.Status.Detail}",
                ExitCodes.Unavailable
            ),
            _ => new AgentProblem($"The server refused: {exception.Status.Detail}", ExitCodes.Refused),
        };
}
