using System.Diagnostics;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Rights;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// Erasures that are due at once, carried out by one retention worker in its database role: every store in a transaction of its
/// own, the journal, the evidence and the certificate's letter included. No yardstick but itself: ten times as many take ten
/// times as long, beside all who were erased before.
/// </summary>
internal static class ErasureBenchmark
{
    public const int UsualPersons = 10_000;

    // What is compiled and prepared once.
    private const int First = 64;

    public static async Task<int> RunAsync(int persons, CancellationToken cancellationToken)
    {
        await using var postgres = await TestPostgres.StartAsync(durable: true, cancellationToken);
        var name = await postgres.CreateDatabaseAsync(cancellationToken);
        using var folder = new TestFolder();
        var settings = TestWorkerSettings.Make(
            folder,
            Worker.Retention,
            postgres.Connection(DatabaseRoles.Retention, name)
        );
        using var host = WorkerHost.Build(settings, Worker.Retention, [ErasureJob.Jobs]);
        await using var superuser = NpgsqlDataSource.Create(postgres.SuperuserConnection(name) + ";Command Timeout=0");
        var crowd = new ErasureCrowd(
            superuser,
            host.Services.GetRequiredService<KeyRing>(),
            host.Services.GetRequiredService<PersonStores>()
        );
        var execute = host.Services.GetRequiredService<ExecuteErasure>();
        await RoundAsync(crowd, execute, First, cancellationToken);

        var table = new Table().AddColumns(
            "persons",
            "seconds: median (range)",
            "persons/s: median (range)",
            "ms a person: of the fewest"
        );
        var fewest = 0d;
        foreach (var (count, rounds) in Sizes(persons))
        {
            var seconds = new double[rounds];
            for (var round = 0; round < rounds; round++)
            {
                seconds[round] = await RoundAsync(crowd, execute, count, cancellationToken);
                AnsiConsole.WriteLine($"{count:N0} persons: {seconds[round]:N1} s");
            }

            var each = 1000 * seconds.Order().ElementAt(rounds / 2) / count;
            fewest = fewest == 0 ? each : fewest;
            table.AddRow(
                $"{count:N0}",
                Figures.Median(seconds, "N1"),
                Figures.Median(seconds.Select(s => count / s), "N1"),
                $"{each:N1}: {each / fewest:N2}"
            );
        }

        AnsiConsole.Write(table);
        return 0;
    }

    // The fewer, the more rounds: a few seconds say little.
    private static IEnumerable<(int Count, int Rounds)> Sizes(int persons) =>
        [(Math.Max(1, persons / 100), 5), (Math.Max(1, persons / 10), 3), (persons, 1)];

    private static async Task<double> RoundAsync(
        ErasureCrowd crowd,
        ExecuteErasure execute,
        int count,
        CancellationToken cancellationToken
    )
    {
        await crowd.QueueAsync(count, cancellationToken);
        var watch = Stopwatch.StartNew();
        var completed = await execute.RunDueAsync(cancellationToken);
        return completed == count
            ? watch.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"{completed} of {count} erasures were completed.");
    }
}
