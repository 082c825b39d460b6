using System.Diagnostics;
using Kalisecu.Breaches;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// One tick of the breach clock over clocks that run and are not due. The yardstick is the goal: under 100 ms over 100,000 of
/// them, and no more than over few.
/// </summary>
internal static class BreachBenchmark
{
    private const int Ticks = 200;

    private static readonly int[] Sizes = [100, 10_000, 100_000];

    // As a breach stands an hour after awareness; what is sealed is not read.
    private const string Seed = """
        insert into breaches (tenant_id, breach_id, state, drill, facts, detect_time, create_time, aware_time, due_time,
            rule_version, reach_number, reach_stores, reach_tenant_ids, reach_client_count, reach_person_count,
            reach_person_kinds, reach_categories, alarm_phase, next_alarm_hours, next_alarm_time, update_time)
        select 'ffffffff-ffff-ffff-ffff-ffffffffffff', gen_random_uuid(), 'Aware', false, '\x00', t, t, t,
            t + interval '72 hours', 'gdpr-33-1/1', 0, '{}', '{}', 0, 0, '{}', '{}', 'Initial', 24, t + interval '24 hours', t
        from generate_series(1, $1) n, lateral (select now() - interval '1 hour' + n * interval '1 millisecond' as t) m
        """;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var postgres = await TestPostgres.StartAsync(durable: true, cancellationToken);
        var name = await postgres.CreateDatabaseAsync(cancellationToken);
        using var folder = new TestFolder();
        var settings = TestWorkerSettings.Make(
            folder,
            Worker.BreachNotification,
            postgres.Connection(DatabaseRoles.Breach, name)
        );
        using var host = WorkerHost.Build(settings, Worker.BreachNotification, [BreachesModule.Jobs]);
        await using var superuser = NpgsqlDataSource.Create(postgres.SuperuserConnection(name));
        var clocks = 0;
        foreach (var size in Sizes)
        {
            await SeedAsync(superuser, size - clocks, cancellationToken);
            clocks = size;
            var times = await TicksAsync(host, cancellationToken);
            AnsiConsole.WriteLine(
                $"One tick over {clocks:N0} running clocks, milliseconds: {Figures.Median(times, "N2")}"
            );
        }

        return 0;
    }

    private static async Task SeedAsync(NpgsqlDataSource superuser, int count, CancellationToken cancellationToken)
    {
        await using var insert = superuser.CreateCommand(Seed);
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await using var analyze = superuser.CreateCommand("vacuum analyze breaches");
        await analyze.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<double>> TicksAsync(IHost host, CancellationToken cancellationToken)
    {
        var job = host.Services.GetRequiredService<AlarmAboutBreaches>();
        // The first compiles the code and opens the connection.
        await job.TickAsync("worker:bench", cancellationToken);
        var times = new List<double>(Ticks);
        for (var i = 0; i < Ticks; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await job.TickAsync("worker:bench", cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }
}
