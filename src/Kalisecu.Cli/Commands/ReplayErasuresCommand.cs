using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Jobs;

namespace Kalisecu.Cli.Commands;

/// <summary>Erases again whom a restored database has forgotten; the server does not open before.</summary>
internal static class ReplayErasuresCommand
{
    private static readonly Option<string?> Settings = Options.Text(
        "--settings",
        "FILE",
        "Settings of the retention worker, whose database role may delete; those of the data folder unless given"
    );

    public static Option<bool> AcceptWithoutHead { get; } =
        new("--accept-journal-without-head")
        {
            Description =
                "Take a journal of erasures whose length (erasures.head) is lost to be whole; leaves evidence",
        };

    public static Command Create() =>
        new Leaf(
            "replay-erasures",
            "After a restore: carry out again the erasures that the journal knows and the database does not",
            "privacy-requests replay-erasures"
        )
        {
            Settings,
            AcceptWithoutHead,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        var settings = run.Get(Settings) ?? run.Data.WorkerSettings(Worker.Retention);
        var count = await ErasureReplay.RunAsync(settings, run.Get(AcceptWithoutHead), cancellationToken);
        run.Output.Say(
            count > 0 ? $"{count} erasures were carried out again." : "The database has forgotten none: nothing to do."
        );
        return ExitCodes.Ok;
    }
}
