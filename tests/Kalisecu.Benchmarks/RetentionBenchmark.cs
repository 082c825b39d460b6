using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Kalisecu.Evidence;
using Kalisecu.Findings.V1;
using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Retention;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// A sweep of a tenth of a table, with certificate and row security, beside the same batches as plain deletes of a superuser
/// (goal: 0.8 times their rate); reads of a server meanwhile (goal: their 99th percentile within 1.5 times its value without);
/// and a month of the access log that expires (goal: under a second, for ten million entries).
/// </summary>
internal static class RetentionBenchmark
{
    public const string ServeVerb = "serve-retention";
    public const int UsualRows = 10_000_000;

    private const int Rounds = 3;

    private static readonly TimeSpan Undisturbed = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int rows, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        await using var server = await ServerProcess<RetentionTargets>.StartAsync(
            ServeVerb,
            folder.Path,
            cancellationToken
        );
        var targets = server.Targets;
        KeyFolder.CreateKeyEncryptionKey(folder["kek.key"]);
        var services = Services(folder, targets.Retention);
        await using var ended = services;
        var now = SystemClock.Instance.GetCurrentInstant();
        await using var database = new RetentionDatabase(targets.Superuser, now);
        await using var plain = await database.OpenAsync(cancellationToken);
        var sweeper = await SweeperAsync(services, cancellationToken);
        Func<Task<long>> deletePlainly = async () => await database.DeletePlainlyAsync(plain, cancellationToken);
        Func<Task<long>> sweep = async () => await SweepAsync(services, cancellationToken);

        using var certificate = X509Certificate2.CreateFromPemFile(targets.Certificate, targets.Key);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(targets.Authority);
        using var channel = TestChannels.Open(targets.Address, [authority], certificate);
        var read = Reads(targets, channel.CreateCallInvoker(), cancellationToken);

        await database.FillYoungAsync(rows - (rows / 10), cancellationToken);
        // Connections are made, statements prepared and code compiled.
        await database.FillDueAsync(rows / 100, cancellationToken);
        await PacedCalls.WhileAsync(read, sweep(), cancellationToken);
        await PacedCalls.WhileAsync(read, Task.Delay(Undisturbed / 5, cancellationToken), cancellationToken);

        var rounds = new List<Round>();
        for (var round = 0; round < Rounds; round++)
        {
            // In turn, so that neither always finds the table as the other left it.
            (double Rate, double Cpu)[] rates = new (double, double)[2];
            foreach (var way in round % 2 == 0 ? [0, 1] : (int[])[1, 0])
            {
                await database.FillDueAsync(rows / 10, cancellationToken);
                rates[way] = await RateAsync(way == 0 ? deletePlainly : sweep, way == 0 ? plain.ProcessID : sweeper);
            }

            var calm = await PacedCalls.WhileAsync(read, Task.Delay(Undisturbed, cancellationToken), cancellationToken);
            await database.FillDueAsync(rows / 10, cancellationToken);
            var swept = await PacedCalls.WhileAsync(read, sweep(), cancellationToken);
            await database.FillDueAsync(rows / 10, cancellationToken);
            var deleted = await PacedCalls.WhileAsync(read, deletePlainly(), cancellationToken);
            rounds.Add(new Round(rates[0], rates[1], calm, swept, deleted));
        }

        Report(rounds, rows);
        await MonthAsync(services, database, now.InUtc().Date.PlusMonths(-13), rows, cancellationToken);
        return 0;
    }

    private static void Report(List<Round> rounds, int rows)
    {
        AnsiConsole.WriteLine($"{rows / 10:N0} due rows among {rows:N0}");
        var rates = new Table().AddColumns(
            "",
            "rows/s: median (range)",
            "CPU of PostgreSQL, µs a row",
            "ratio",
            "CPU ratio"
        );
        rates.AddRow(
            "the same batches, plain",
            Figures.Median(rounds.Select(r => r.Plain.Rate), "N0"),
            Figures.Median(rounds.Select(r => r.Plain.Cpu), "N2"),
            "1.00",
            "1.00"
        );
        rates.AddRow(
            "sweep",
            Figures.Median(rounds.Select(r => r.Sweep.Rate), "N0"),
            Figures.Median(rounds.Select(r => r.Sweep.Cpu), "N2"),
            Figures.Median(rounds.Select(r => r.Sweep.Rate / r.Plain.Rate), "N2"),
            Figures.Median(rounds.Select(r => r.Sweep.Cpu / r.Plain.Cpu), "N2")
        );
        AnsiConsole.Write(rates);

        var reads = new Table().AddColumns(
            "reads, 200 a second",
            "calls",
            "p50, ms",
            "p99, ms: median (range)",
            "ratio"
        );
        AddReads(reads, "alone", r => r.Calm);
        AddReads(reads, "beside the plain deletes", r => r.BesidePlain);
        AddReads(reads, "beside the sweep", r => r.BesideSweep);
        AnsiConsole.Write(reads);

        void AddReads(Table table, string name, Func<Round, IReadOnlyList<double>> of) =>
            table.AddRow(
                name,
                $"{rounds.Sum(r => of(r).Count):N0}",
                Figures.Median(rounds.Select(r => PacedCalls.Percentile(of(r), 0.5)), "N2"),
                Figures.Median(rounds.Select(r => PacedCalls.Percentile(of(r), 0.99)), "N2"),
                Figures.Median(
                    rounds.Select(r => PacedCalls.Percentile(of(r), 0.99) / PacedCalls.Percentile(r.Calm, 0.99)),
                    "N2"
                )
            );
    }

    private static async Task<(double Rate, double Cpu)> RateAsync(Func<Task<long>> delete, int processId)
    {
        var cpu = RetentionDatabase.CpuSeconds(processId);
        var start = Stopwatch.GetTimestamp();
        var deleted = await delete();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (deleted / seconds, (RetentionDatabase.CpuSeconds(processId) - cpu) * 1e6 / deleted);
    }

    private static async Task MonthAsync(
        ServiceProvider services,
        RetentionDatabase database,
        LocalDate month,
        int rows,
        CancellationToken cancellationToken
    )
    {
        // The first sweep of months builds the mapper's model.
        await SweepMonthsAsync(services, cancellationToken);
        await database.FillMonthAsync(month, rows, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var (gone, _) = await SweepMonthsAsync(services, cancellationToken);
        AnsiConsole.WriteLine(
            $"A month of {gone:N0} entries expired in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N0} ms"
        );
    }

    private static Func<Task> Reads(RetentionTargets targets, CallInvoker calls, CancellationToken cancellationToken)
    {
        var findings = new FindingService.FindingServiceClient(calls);
        var request = new GetFindingRequest { FindingId = targets.FindingId };
        var headers = new Metadata();
        foreach (var (name, value) in targets.Headers)
        {
            headers.Add(name, value);
        }

        return () => findings.GetFindingAsync(request, headers, cancellationToken: cancellationToken).ResponseAsync;
    }

    private static ServiceProvider Services(TestFolder folder, string connection)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IClock>(SystemClock.Instance);
        services.AddKalisecuDatabase(connection);
        services.AddKeys(folder["keys"], folder["kek.key"]);
        services.AddObjects(folder["objects"]);
        services.AddSingleton<EvidenceLog>();
        services.AddPersons();
        services.AddSweeps();
        return services.BuildServiceProvider();
    }

    /// <summary>PostgreSQL's process behind the only connection that sweeps one after the other need.</summary>
    private static async Task<int> SweeperAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        await using var connection = await services
            .GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(cancellationToken);
        return connection.ProcessID;
    }

    private static KeepingRule Rule(ServiceProvider services, string name) =>
        services.GetRequiredService<KeepingRules>().Find(name)!;

    private static Task<long> SweepAsync(ServiceProvider services, CancellationToken cancellationToken) =>
        services
            .GetRequiredService<SweepRows>()
            .RunAsync(Guid.CreateVersion7(), Rule(services, "repeats"), static _ => { }, cancellationToken);

    private static Task<(long Rows, int Months)> SweepMonthsAsync(
        ServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<SweepMonths>()
            .RunAsync(Guid.CreateVersion7(), Rule(services, "access-log"), cancellationToken);

    private sealed record Round(
        (double Rate, double Cpu) Plain,
        (double Rate, double Cpu) Sweep,
        IReadOnlyList<double> Calm,
        IReadOnlyList<double> BesideSweep,
        IReadOnlyList<double> BesidePlain
    );
}
