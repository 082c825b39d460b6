using System.CommandLine;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Compliance.V1;
using NodaTime;

namespace Kalisecu.Cli.Commands;

/// <summary>Runs the platform on this machine until it is told to stop.</summary>
internal static class UpCommand
{
    private static readonly Option<int?> Port = new("--port")
    {
        Description = "Port of the server, the next one serves enrolment; 0 takes any free ones [default: 7443]",
        HelpName = "N",
    };

    private static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Return when ready; stop with 'down'",
    };

    public static Command Create()
    {
        Port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<int?>() is < 0 or > 65534)
            {
                result.AddError("--port takes 0 to 65534");
            }
        });
        return new Command("up", "Run the whole platform on this machine") { Port, Detach }.Runs(Run);
    }

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        run.Data.Prepare();
        if (run.Get(Detach))
        {
            return await Detached.StartAsync(run.Data, run.Get(Port), run.Output, cancellationToken);
        }

        using var held = RunFile.TryLock(run.Data);
        if (held is null)
        {
            run.Output.Say($"Already running on {run.Data.Folder}.");
            return await StatusCommand.ShowAsync(run, cancellationToken);
        }

        var progress = new Progress(run.Output.Errors);
        await using (var platform = new Platform(run.Data, progress, SystemClock.Instance))
        {
            await platform.StartAsync(run.Get(Port), cancellationToken);
            await PrepareAsync(run, platform, progress, cancellationToken);

            await TellPostureAsync(platform.Target, progress, cancellationToken);
            progress.Say($"Ready: {platform.Target.Server} — ctrl-C stops everything.");
            try
            {
                await platform.KeepAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                progress.Say("Stopping…");
            }
        }

        progress.Say("Stopped.");
        return ExitCodes.Ok;
    }

    private static async Task PrepareAsync(
        Invocation run,
        Platform platform,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        var firstRun = new FirstRun(run.Data, progress, run.Output, SystemClock.Instance);
        if (firstRun.IsDue)
        {
            await firstRun.RunAsync(platform.Target, platform.EnrolmentPort, cancellationToken);
        }
        else
        {
            var person = new DevelopmentSignIn(run.Data, SystemClock.Instance);
            await person.RenewAsync(platform.Target, cancellationToken);
        }

        if (await AgentProgram.IsEnrolledAsync(run.Data, cancellationToken))
        {
            await AgentProgram.FollowAsync(run.Data, platform.Target.Server, cancellationToken);
            await platform.StartAgentAsync();
        }
    }

    /// <summary>One line about the promises of the policy. That they could not be looked at keeps nobody from working.</summary>
    private static async Task TellPostureAsync(
        ConnectionTarget target,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        using var connection = Connection.Open(target with { SessionFile = null });
        var client = new ComplianceService.ComplianceServiceClient(connection.Invoker);
        try
        {
            var request = new CheckPostureRequest { RequestId = Changes.RequestId() };
            var answer = await client.CheckPostureAsync(request, cancellationToken: cancellationToken);
            progress.Say(PostureCommand.Summary(answer.Posture) + " See 'kalisecu posture'.");
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            progress.Say($"The clauses of the policy could not be checked: {exception.Status.Detail}");
        }
    }
}
