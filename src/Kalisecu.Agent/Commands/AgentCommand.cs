using System.CommandLine;
using Grpc.Core;
using Kalisecu.Agent.Enrolment;

namespace Kalisecu.Agent.Commands;

/// <summary>What all commands have in common that work as an enrolled agent.</summary>
internal static class AgentCommand
{
    public static Option<string?> StateOption() =>
        new("--state")
        {
            Description = $"The agent's folder. Default: ${StateFolder.Variable}, else /var/lib/kalisecu-agent.",
        };

    /// <summary>Runs the work; a problem ends it with its text and exit code.</summary>
    public static async Task<int> RunAsync(Func<Task> work)
    {
        try
        {
            await work();
            return ExitCodes.Ok;
        }
        catch (AgentProblem problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
        catch (RpcException exception) when (exception.StatusCode is not StatusCode.Cancelled)
        {
            var problem = AgentProblem.Of(exception);
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException)
        {
            return ExitCodes.Cancelled;
        }
    }
}
