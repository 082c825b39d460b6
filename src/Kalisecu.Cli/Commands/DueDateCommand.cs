using System.CommandLine;
using System.Runtime.CompilerServices;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Time;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Cli.Commands;

/// <summary>The calculator of due dates: it needs no server.</summary>
internal static class DueDateCommand
{
    // Our own margin: whoever types a later year has made a slip.
    private const int LastYear = 2099;

    // Enough of a wrong line to recognise it.
    private const int ShownCharacters = 40;

    private static readonly Argument<string[]> Dates = new("DATE")
    {
        Description =
            "Day on which a request reached us, such as 2026-01-31; without any, one a line from standard input",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> AlsaceMoselle = new("--alsace-moselle")
    {
        Description = "With the public holidays of Alsace-Moselle",
    };

    private static readonly Column<DueDates>[] Columns =
    [
        new("received", d => d.Received),
        new("due", d => d.Due),
        new("extended due", d => d.ExtendedDue),
    ];

    public static Command Create() =>
        new Leaf(
            "due-date",
            "Compute until when requests have to be answered",
            "privacy-requests due-date 2026-01-31 2026-10-01"
        )
        {
            Dates,
            AlsaceMoselle,
        }.Runs(
            async (run, cancellationToken) =>
            {
                var holidays = new FrenchHolidays(
                    run.Get(AlsaceMoselle) ? HolidayRegion.AlsaceMoselle : HolidayRegion.Metropolitan
                );
                var given = run.Get(Dates);
                var days =
                    given.Length > 0
                        ? given.Select(d => Read(d, "")).ToAsyncEnumerable()
                        : Lines(run, cancellationToken);
                await run.Output.RowsAsync(days.Select(day => Compute(day, holidays)), Columns, cancellationToken);
                return ExitCodes.Ok;
            }
        );

    private static async IAsyncEnumerable<LocalDate> Lines(
        Invocation run,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (run.Terminal.CanAsk)
        {
            throw new StepFailed(
                "no dates were given",
                "write them behind the command, or pipe them in, one a line",
                ExitCodes.Usage
            );
        }

        for (var number = 1; await run.Terminal.Input.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Read(line.Trim(), $"line {number}: ");
            }
        }
    }

    private static LocalDate Read(string text, string where)
    {
        var shown = Show.Safe(text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…");
        if (!LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var day))
        {
            throw new StepFailed($"{where}'{shown}' is no date", "write it like 2026-01-31", ExitCodes.Usage);
        }

        var first = ResponseRule.All[0].Since;
        return day >= first && day.Year <= LastYear
            ? day
            : throw new StepFailed(
                $"{where}'{shown}' is no day on which a request can have come",
                $"give a day from {LocalDatePattern.Iso.Format(first)}, since when the GDPR applies, to {LastYear}-12-31",
                ExitCodes.Usage
            );
    }

    private static DueDates Compute(LocalDate received, FrenchHolidays holidays)
    {
        var clock = new ResponseClock(received, holidays);
        return new DueDates(
            LocalDatePattern.Iso.Format(received),
            LocalDatePattern.Iso.Format(clock.Due),
            LocalDatePattern.Iso.Format(clock.ExtendedDue)
        );
    }

    private sealed record DueDates(string Received, string Due, string ExtendedDue);
}
