using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Enrolment;
using Kalisecu.Agent.Push;
using Kalisecu.Agent.Readers;
using Kalisecu.Agent.Reading;
using Kalisecu.Agent.Spool;
using NodaTime;

namespace Kalisecu.Agent.Commands;

/// <summary>
/// One run of <c>push</c>. A state folder has one pusher at a time: who watches takes the lock for each round, who was asked
/// to push reports waits for it and keeps it to the end.
/// </summary>
internal sealed class PushRun(StateFolder state, PushOutput output, bool watch)
{
    private const string LockFile = "push.lock";

    // A person waits this long for a server that is away; then the spool keeps the scan for later.
    private static readonly TimeSpan PersonsPatience = TimeSpan.FromSeconds(30);

    // How soon a watching agent sees a newly spooled scan, and how long it rests while the server is away.
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestLongest = TimeSpan.FromMinutes(1);

    // Made once the agent is known to be enrolled: a wrong folder stays as it is.
    private readonly Lazy<SpoolFolder> _spool = new(() => new SpoolFolder(state.Path));

    private readonly Lazy<CheckCatalogue> _catalogue = new(CheckCatalogue.Load);

    public async Task<int> RunAsync(
        FileInfo[] files,
        string? format,
        ScanChoices choices,
        CancellationToken cancellationToken
    )
    {
        var exitCode = ExitCodes.Ok;
        var ended = await AgentCommand.RunAsync(async () =>
        {
            exitCode = await PushOnceAsync(files, format, choices, cancellationToken);
            if (watch)
            {
                await WatchAsync(cancellationToken);
            }
        });
        return ended is ExitCodes.Ok ? exitCode : ended;
    }

    private async Task<int> PushOnceAsync(
        FileInfo[] files,
        string? format,
        ScanChoices choices,
        CancellationToken cancellationToken
    )
    {
        // Who is not enrolled learns it before a report is read.
        AgentIdentity.Load(state);
        await using var alone = await WaitForLockAsync(cancellationToken);
        _spool.Value.RemoveLeftovers();
        var exitCode = files.Aggregate(
            ExitCodes.Ok,
            (code, file) => Worse(code, Spool(file, format, choices, cancellationToken))
        );
        var patience = watch ? TimeSpan.Zero : PersonsPatience;
        return Worse(exitCode, await PushWaitingAsync(patience, cancellationToken));
    }

    private int Spool(FileInfo file, string? format, ScanChoices choices, CancellationToken cancellationToken)
    {
        try
        {
            var catalogue = _catalogue.Value;
            var report = Report.Open(ReportSource.File(file.FullName), new ReportFormats(catalogue), format);
            var entry = new ScanSpooler(_spool.Value, catalogue, SystemClock.Instance).Spool(
                report,
                choices,
                cancellationToken
            );
            output.Spooled(file.Name, entry);
            return ExitCodes.Ok;
        }
        catch (ReportProblem problem)
        {
            PushOutput.Problem($"{file}: {problem.Message}");
            return ExitCodes.BadReport;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PushOutput.Problem($"{file}: {exception.Message}");
            return ExitCodes.NoInput;
        }
    }

    private async Task<int> PushWaitingAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var waiting = _spool.Value.Waiting();
        if (waiting.Count == 0)
        {
            return ExitCodes.Ok;
        }

        using var channel = await AgentChannel.OpenAsync(state, cancellationToken);
        var pusher = new Pusher(channel.Channel.CreateCallInvoker(), _spool.Value)
        {
            Patience = patience,
            Waiting = PushOutput.Waiting,
        };
        var exitCode = ExitCodes.Ok;
        foreach (var entry in waiting)
        {
            var open = entry.Open;
            var outcome = await output.WithProgressAsync(open, p => pusher.PushAsync(entry, p, cancellationToken));
            output.Pushed(open, outcome);
            exitCode = Worse(
                exitCode,
                outcome switch
                {
                    { Counts: not null } => ExitCodes.Ok,
                    { Refusal: not null } => ExitCodes.Refused,
                    _ => ExitCodes.TryAgain,
                }
            );
        }

        return exitCode;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        for (var rest = WatchEvery; ; )
        {
            await Task.Delay(rest, cancellationToken);
            rest = await PushQuietlyAsync(cancellationToken) ? WatchEvery : Longer(rest);
        }
    }

    /// <summary>One round of the watch; answers whether all that waited is gone.</summary>
    private async Task<bool> PushQuietlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var alone = state.Lock(LockFile);
            return await PushWaitingAsync(TimeSpan.Zero, cancellationToken) is not ExitCodes.TryAgain;
        }
        catch (AgentProblem problem) when (problem.ExitCode is ExitCodes.TryAgain or ExitCodes.Unavailable)
        {
            // Somebody pushes by hand just now, or the server is away: the next round comes.
            return false;
        }
    }

    private async Task<FileStream> WaitForLockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return state.Lock(LockFile);
            }
            catch (AgentProblem problem) when (problem.ExitCode is ExitCodes.TryAgain)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan rest) => rest * 2 > RestLongest ? RestLongest : rest * 2;

    private static int Worse(int one, int other) => other is ExitCodes.Ok ? one : other;
}
