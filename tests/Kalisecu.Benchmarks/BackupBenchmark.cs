using System.Diagnostics;
using System.Globalization;
using Kalisecu.Backups;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// The trial of a backup as the worker does it, beside `pgbackrest restore` and `pg_amcheck` of the same backup, one after the
/// other as by hand (goal: within 1.5 times their sum). Starting PostgreSQL in between is not counted by hand.
/// </summary>
internal static class BackupBenchmark
{
    public const double UsualGigabytes = 2;

    private const int Rounds = 3;
    private const double Goal = 1.5;
    private const int Chunk = 100_000;

    // What a push stores, about 450 bytes a row, and two indexes.
    private const string Fill = """
        insert into occurrences (tenant_id, finding_id, occurrence_id, tool, open_scan_id, site_id, open_time, place)
        select t, gen_random_uuid(), gen_random_uuid(), 'zap', s, t, now(), 'https://www.client.example/' ||
            (select string_agg(md5(random()::text || n), '/') from generate_series(1, 9))
        from generate_series(1, $1) n, (select gen_random_uuid() t, gen_random_uuid() s) ids
        """;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public static async Task<int> RunAsync(double gigabytes, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        await using var database = await ArchivedDatabase.StartAsync(folder, durable: true, cancellationToken);
        var options = database.Options;
        using var host = WorkerHost.Build(
            database.SettingsOf(Worker.BackupVerification),
            Worker.BackupVerification,
            [BackupsModule.Jobs]
        );
        // Before there is anything to archive, so that no log is written twice.
        await host.Services.GetRequiredService<PgBackRest>().PrepareAsync(cancellationToken);
        var rows = await FillAsync(SuperuserConnection.Of(options), gigabytes, cancellationToken);
        var backup = await host
            .Services.GetRequiredService<TakeBackup>()
            .RunAsync(BackupKind.Full, ARun("take"), cancellationToken);
        Say($"{rows:N0} rows, {backup.SizeBytes / 1e9:N2} GB, {backup.RepositoryBytes / 1e9:N2} GB in the repository");

        var steps = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var (restore, amcheck) = await ByHandAsync(options, backup.Label, cancellationToken);
            var trial = await TrialAsync(host.Services, steps, cancellationToken);
            ratios.Add(trial / (restore + amcheck));
            Say($"restore {restore:N1} s, pg_amcheck {amcheck:N1} s, trial {trial:N1} s, ratio {ratios[^1]:N2}");
        }

        foreach (var (step, seconds) in steps)
        {
            Say($"  {Figures.Median(seconds, "N1")} s  {step}");
        }

        ratios.Sort();
        AnsiConsole.WriteLine($"Ratio {Figures.Median(ratios, "N2")}, goal at most {Goal:N1}");
        return ratios[Rounds / 2] <= Goal ? 0 : 1;
    }

    private static JobRun ARun(string job) => new(Guid.CreateVersion7(), job, slotTime: null, isRecovery: false);

    private static async Task<long> FillAsync(string superuser, double gigabytes, CancellationToken cancellationToken)
    {
        await using var connection = await SuperuserConnection.OpenAsync(superuser, cancellationToken);
        var rows = 0L;
        while (true)
        {
            await using var size = new NpgsqlCommand("select pg_database_size(current_database())", connection);
            if ((long)(await size.ExecuteScalarAsync(cancellationToken))! >= gigabytes * 1e9)
            {
                break;
            }

            await using var fill = new NpgsqlCommand(Fill, connection) { CommandTimeout = 0 };
            fill.Parameters.AddWithValue(Chunk);
            rows += await fill.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var settle = new NpgsqlCommand("vacuum (analyze)", connection) { CommandTimeout = 0 };
        await settle.ExecuteNonQueryAsync(cancellationToken);
        return rows;
    }

    private static async Task<(double Restore, double Amcheck)> ByHandAsync(
        BackupOptions options,
        string label,
        CancellationToken cancellationToken
    )
    {
        var place = Path.Combine(options.WorkFolder, "by-hand");
        Directory.CreateDirectory(place);
        await PostgresUser.OwnAsync(options, place, cancellationToken);
        try
        {
            var data = Path.Combine(place, "data");
            var watch = Stopwatch.StartNew();
            await new PgBackRest(options).RestoreAsync(data, label, ["--type=default"], cancellationToken);
            var restore = watch.Elapsed.TotalSeconds;

            await using var server = await ScratchServer.StartAsync(
                options,
                data,
                new Dictionary<string, string>(StringComparer.Ordinal),
                cancellationToken
            );
            var address = new NpgsqlConnectionStringBuilder(
                server.Connection(ScratchServer.Superuser, Persistence.DatabaseRoles.Database)
            );
            watch.Restart();
            var result = await PostgresUser.RunAsync(
                options,
                [
                    Path.Combine(options.PostgresPrograms, "pg_amcheck"),
                    "--install-missing",
                    "--heapallindexed",
                    "--parent-check",
                    "--host=" + address.Host,
                    "--username=" + address.Username,
                    "--database=" + address.Database,
                ],
                environment: null,
                cancellationToken
            );
            return result.ExitCode == 0
                ? (restore, watch.Elapsed.TotalSeconds)
                : throw new InvalidOperationException($"pg_amcheck by hand: {result.Problem}");
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private static async Task<double> TrialAsync(
        IServiceProvider services,
        Dictionary<string, List<double>> steps,
        CancellationToken cancellationToken
    )
    {
        var run = ARun(BackupSchedule.VerifyJob);
        var watch = Stopwatch.StartNew();
        var trial = ActivatorUtilities.CreateInstance<VerifyBackup>(services).RunAsync(run, cancellationToken);
        var (step, since) = ("Preparing", 0.0);
        while (await Task.WhenAny(trial, Task.Delay(LookEvery, cancellationToken)) != trial)
        {
            if (run.Progress.Step.Length > 0 && !string.Equals(run.Progress.Step, step, StringComparison.Ordinal))
            {
                Keep(step, watch.Elapsed.TotalSeconds - since);
                (step, since) = (run.Progress.Step, watch.Elapsed.TotalSeconds);
            }
        }

        var outcome = await trial;
        Keep(step, watch.Elapsed.TotalSeconds - since);
        return outcome.Problem is null
            ? watch.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"The trial failed: {outcome.Problem}");

        void Keep(string name, double seconds)
        {
            if (!steps.TryGetValue(name, out var all))
            {
                steps[name] = all = [];
            }

            all.Add(seconds);
        }
    }

    private static void Say(FormattableString text) =>
        AnsiConsole.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
