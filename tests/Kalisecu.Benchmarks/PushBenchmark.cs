using System.Diagnostics;
using Kalisecu.TestKit;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// A push over mutual TLS, each row durable before it is acknowledged, against psql's \copy of the same rows into the same
/// table by a superuser whom row security does not bind; in turn, so that all see the same machine.
/// </summary>
internal static class PushBenchmark
{
    private const int Occurrences = 300_000;

    // Numbers of places that a scan finds anew are far from those before.
    private const int Generation = 100_000_000;

    private static readonly (string Name, double Rows)[] Ways =
    [
        ("psql \\copy, superuser", Occurrences),
        ("new scan, one agent", Occurrences),
        ("new scans, two agents of two tenants", 2 * Occurrences),
        ("scanned again, nothing changed", Occurrences),
        ("scanned again, 1 % changed", Occurrences),
        ("scanned again, 10 % changed", Occurrences),
    ];

    public static async Task<int> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        await using var machine = await TestMachine.StartAsync(cancellationToken);
        var database = new PushDatabase(machine.Superuser);
        await database.TuneAsync(cancellationToken);
        using var folder = new TestFolder();
        var file = await CopyOutAsync(machine, database, folder, cancellationToken);

        var seconds = new double[rounds][];
        var wal = new List<(double Records, double Pages)>();
        for (var round = 0; round < rounds; round++)
        {
            await database.EmptyAsync(cancellationToken);
            var copy = await database.CopyInAsync(file, cancellationToken);
            await database.EmptyAsync(cancellationToken);
            var two = await TwoAgentsAsync(machine, cancellationToken);
            await database.EmptyAsync(cancellationToken);
            using var agent = await PushAgent.OfAsync(machine, cancellationToken);
            var first = await agent.PushAsync(Places(0, 0), cancellationToken);
            await database.SettleAsync(cancellationToken);
            var before = await database.WalEndAsync(cancellationToken);
            var unchanged = await agent.PushAsync(Places(0, 0), cancellationToken);
            wal.Add(await database.WalSinceAsync(before, cancellationToken));
            await database.SettleAsync(cancellationToken);
            var one = await agent.PushAsync(Places(1, 1), cancellationToken);
            await database.SettleAsync(cancellationToken);
            var ten = await agent.PushAsync(Places(10, 2), cancellationToken);
            seconds[round] = [copy, first, two, unchanged, one, ten];
        }

        Report(seconds, wal, PeakMegabytes(machine.ServerId));
        return 0;
    }

    private static void Report(double[][] seconds, List<(double Records, double Pages)> wal, double peak)
    {
        var table = new Table().AddColumns(
            "",
            "seconds: median (range)",
            "rows/s: median (range)",
            "ratio: median (range)"
        );
        foreach (var (i, (name, rows)) in Ways.Index())
        {
            table.AddRow(
                name,
                Figures.Median(seconds.Select(s => s[i]), "N3"),
                Figures.Median(seconds.Select(s => rows / s[i]), "N0"),
                Figures.Median(seconds.Select(s => rows / s[i] / (Occurrences / s[0])), "N2")
            );
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"""
            WAL of a scan in which nothing changed: {Figures.Median(
                wal.Select(w => w.Records / 1024),
                "N0"
            )} KiB of records and {Figures.Median(
                wal.Select(w => w.Pages / 1024),
                "N0"
            )} KiB of whole pages, the first time each after a checkpoint.
            The server's memory: at most {peak:N0} MB.
            """
        );
    }

    /// <summary>Numbers of the places of a scan in which this share is another than in all scans before.</summary>
    private static IEnumerable<int> Places(int percent, int generation) =>
        Enumerable
            .Range(0, Occurrences)
            .Select(number => number % 100 < percent ? generation * Generation + number : number);

    /// <summary>The first push also compiles the server's code; what it wrote is what psql copies.</summary>
    private static async Task<string> CopyOutAsync(
        TestMachine machine,
        PushDatabase database,
        TestFolder folder,
        CancellationToken cancellationToken
    )
    {
        using var agent = await PushAgent.OfAsync(machine, cancellationToken);
        await agent.PushAsync(Places(0, 0), cancellationToken);
        return await database.CopyOutAsync(folder["occurrences"], cancellationToken);
    }

    private static async Task<double> TwoAgentsAsync(TestMachine machine, CancellationToken cancellationToken)
    {
        using var one = await PushAgent.OfAsync(machine, cancellationToken);
        using var other = await PushAgent.OfAsync(machine, cancellationToken);
        one.Spool(Places(0, 0));
        other.Spool(Places(0, 0));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Task.Run(() => one.PushSpooledAsync(cancellationToken), cancellationToken),
            Task.Run(() => other.PushSpooledAsync(cancellationToken), cancellationToken)
        );
        return watch.Elapsed.TotalSeconds;
    }

    // proc(5): VmHWM is the most memory that a process ever held.
    private static double PeakMegabytes(int processId) =>
        File.ReadLines($"/proc/{processId}/status")
            .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line =>
                double.Parse(line["VmHWM:".Length..^"kB".Length], System.Globalization.CultureInfo.InvariantCulture)
                / 1024
            )
            .Single();
}
