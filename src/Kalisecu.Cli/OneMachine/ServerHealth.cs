using Grpc.Core;
using Grpc.Health.V1;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Asks the server as any client would: over mTLS, with the operator's certificate.</summary>
internal static class ServerHealth
{
    private static readonly TimeSpan AskWithin = TimeSpan.FromSeconds(3);

    /// <summary>SERVING, another word of the health protocol, or why there was no answer.</summary>
    public static async Task<string> AskAsync(ConnectionTarget target, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(AskWithin);
        try
        {
            using var connection = Connection.Open(target with { SessionFile = null });
            var client = new Health.HealthClient(connection.Invoker);
            var answer = await client.CheckAsync(new HealthCheckRequest(), cancellationToken: timeout.Token);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? Serving
                : answer.Status.ToString();
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return timeout.IsCancellationRequested
                ? $"no answer within {AskWithin.TotalSeconds} s"
                : exception.StatusCode.ToString();
        }
        catch (StepFailed failed)
        {
            return failed.Message;
        }
    }

    public const string Serving = "SERVING";
}
