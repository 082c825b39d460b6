using Kalisecu.TestKit;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// One read as a frontend makes it (session, access rule, row security) against an empty RPC of the same server, and with its
/// durable access-log entry against the same read without: in turn, so that all see the same machine.
/// </summary>
internal static class UnaryBenchmark
{
    public const string ServeVerb = "serve-unary";

    private static readonly int[] InFlight = [64, 16];

    /// <summary>About a minute and a half with five rounds.</summary>
    public static async Task<int> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        await using var servers = await ServerProcess<UnaryTargets>.StartAsync(
            ServeVerb,
            folder.Path,
            cancellationToken
        );
        var targets = servers.Targets;
        var load = new H2Load(folder.Path, targets.Certificate, targets.Key);
        await load.CompileAsync(cancellationToken);

        var table = new Table().AddColumns("call", "at once", "calls/s: median (range)", "ratio: median (range)", "of");
        foreach (var inFlight in InFlight)
        {
            Report(
                table,
                inFlight,
                targets.Loads,
                await MeasureAsync(load, targets.Loads, inFlight, rounds, cancellationToken)
            );
        }

        AnsiConsole.Write(table);
        return 0;
    }

    private static async Task<double[][]> MeasureAsync(
        H2Load h2Load,
        IReadOnlyList<Load> loads,
        int inFlight,
        int count,
        CancellationToken cancellationToken
    )
    {
        var rounds = new double[count][];
        for (var round = 0; round < count; round++)
        {
            rounds[round] = new double[loads.Count];
            for (var i = 0; i < loads.Count; i++)
            {
                rounds[round][i] = await h2Load.CallsPerSecondAsync(loads[i], inFlight, cancellationToken);
            }

            var said = loads.Select((load, i) => $"{load.Name} {rounds[round][i]:N0}/s");
            AnsiConsole.WriteLine($"{inFlight} at once, round {round + 1}: {string.Join(", ", said)}");
        }

        return rounds;
    }

    // Each call is compared to the one before it in the list: the read to the empty RPC, the logged read to the read.
    private static void Report(Table table, int inFlight, IReadOnlyList<Load> loads, double[][] rounds)
    {
        for (var i = 0; i < loads.Count; i++)
        {
            var rate = Figures.Median(rounds.Select(r => r[i]), "N0");
            var ratio = i == 0 ? "" : Figures.Median(rounds.Select(r => r[i] / r[i - 1]), "N2");
            table.AddRow(loads[i].Name, $"{inFlight}", rate, ratio, i == 0 ? "" : loads[i - 1].Name);
        }
    }
}
