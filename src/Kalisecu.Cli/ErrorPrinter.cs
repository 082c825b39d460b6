using Google.Rpc;
using Grpc.Core;
using Kalisecu.Cli.OneMachine;
using Spectre.Console;

namespace Kalisecu.Cli;

/// <summary>Says what went wrong and what to do, and which exit code that is.</summary>
internal static class ErrorPrinter
{
    public static int Print(Exception exception, Output output)
    {
        switch (exception)
        {
            case RpcException refused:
                Write(output, refused.Status.Detail, Details(refused), Advice(refused.StatusCode));
                return ExitCodes.Of(refused.StatusCode);
            case StepFailed failed:
                Write(output, failed.Message, [], failed.Advice);
                return failed.ExitCode;
            case OperationCanceledException:
                Write(output, "interrupted", [], advice: null);
                return ExitCodes.Interrupted;
            case IOException or UnauthorizedAccessException:
                Write(output, exception.Message, [], advice: null);
                return ExitCodes.Refused;
            default:
                Write(output, exception.ToString(), [], "this is a fault of kalisecu: report it with the text above");
                return ExitCodes.Internal;
        }
    }

    private static IEnumerable<string> Details(RpcException exception)
    {
        var status = exception.GetRpcStatus();
        if (status?.GetDetail<ErrorInfo>() is { } info)
        {
            yield return $"reason: {info.Reason}";
            foreach (var (key, value) in info.Metadata)
            {
                yield return $"{key}: {value}";
            }
        }

        foreach (var violation in status?.GetDetail<BadRequest>()?.FieldViolations ?? [])
        {
            yield return $"{violation.Field}: {violation.Description}";
        }

        if (status?.GetDetail<RetryInfo>()?.RetryDelay is { } delay)
        {
            yield return $"again in: {delay.Seconds} s";
        }
    }

    private static string? Advice(StatusCode status) =>
        status switch
        {
            StatusCode.Unauthenticated => "sign in: kalisecu sign-in",
            StatusCode.PermissionDenied => "ask someone whose role allows it, or choose the tenant with --tenant",
            StatusCode.Unavailable =>
                "see whether the server runs (kalisecu status), and whether --server, --cert, --key and --ca fit it",
            StatusCode.DeadlineExceeded => "try again; if it stays slow, look into kalisecu logs server",
            StatusCode.Aborted => "read it again, then repeat the change",
            StatusCode.Internal or StatusCode.Unknown => "the server's log tells more: kalisecu logs server",
            StatusCode.Unimplemented => "the server is older than this command: update it",
            _ => null,
        };

    private static void Write(Output output, string problem, IEnumerable<string> details, string? advice)
    {
        var console = output.Errors;
        console.Write(new Text("error: ", new Style(Color.Red, decoration: Decoration.Bold)));
        console.WriteLine(problem);
        foreach (var detail in details)
        {
            console.WriteLine("  " + detail);
        }

        if (advice is not null)
        {
            console.WriteLine("  what to do: " + advice);
        }
    }
}
