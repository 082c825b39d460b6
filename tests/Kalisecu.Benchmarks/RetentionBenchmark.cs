using System.Diagnostics;
using System.Globalization;
using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Retention;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Kalisecu.Benchmarks;

/// <summary>
/// A sweep of a tenth of a table, with certificate and row security, beside the same batches as plain deletes of a superuser
/// (goal: 0.8 times their rate); and a month of the access log that expires (goal: under a second, for ten million entries).
/// </summary>
internal static class RetentionBenchmark
{
    public const int UsualRows = 10_000_000;

    private const int Rounds = 3;

    private const string Batch = """
        delete from request_receipts where ctid = any (array(
            select ctid from request_receipts where create_time < $1 order by create_time limit 20000))
        """;

    public static async Task<int> RunAsync(int rows, CancellationToken cancellationToken)
    {
        await using var postgres = await TestPostgres.StartAsync(durable: true, cancellationToken);
        var name = await postgres.CreateDatabaseAsync(cancellationToken);
        using var folder = new TestFolder();
        KeyFolder.CreateKeyEncryptionKey(folder["kek.key"]);
        await using var services = Services(folder, postgres.Connection(DatabaseRoles.Retention, name));
        await using var superuser = Superuser(postgres.SuperuserConnection(name));
        var now = SystemClock.Instance.GetCurrentInstant();
        await FillAsync(superuser, rows - (rows / 10), now, cancellationToken);

        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var plain = await RateAsync(superuser, rows / 10, now, () => PlainAsync(superuser, now, cancellationToken));
            var sweep = await RateAsync(superuser, rows / 10, now, () => SweepAsync(services, cancellationToken));
            ratios.Add(sweep / plain);
            Say($"plain {plain:0} rows/s, sweep {sweep:0} rows/s, ratio {sweep / plain:0.00}");
        }

        // The first sweep of months builds the mapper's model.
        await MonthsAsync(services, cancellationToken);
        var month = now.InUtc().Date.PlusMonths(-13);
        await FillMonthAsync(superuser, month, rows, cancellationToken);
        var watch = Stopwatch.StartNew();
        await MonthsAsync(services, cancellationToken);
        Say($"a month of {rows} entries expired in {watch.ElapsedMilliseconds} ms");
        ratios.Sort();
        return ratios[Rounds / 2] >= 0.8 && watch.Elapsed < TimeSpan.FromSeconds(1) ? 0 : 1;
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

    private static NpgsqlDataSource Superuser(string connection)
    {
        var builder = new NpgsqlDataSourceBuilder(connection + ";Command Timeout=0");
        builder.UseNodaTime();
        return builder.Build();
    }

    private static KeepingRule Rule(IServiceProvider services, string name) =>
        services.GetRequiredService<KeepingRules>().Find(name)!;

    private static async Task<double> RateAsync(
        NpgsqlDataSource superuser,
        int due,
        Instant now,
        Func<Task<long>> delete
    )
    {
        await FillAsync(superuser, due, now - Duration.FromDays(10), CancellationToken.None);
        await RunAsync(superuser, "vacuum analyze request_receipts");
        await RunAsync(superuser, "checkpoint");
        var watch = Stopwatch.StartNew();
        var deleted = await delete();
        return deleted / watch.Elapsed.TotalSeconds;
    }

    private static Task<(long Rows, int Months)> MonthsAsync(
        IServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<SweepMonths>()
            .RunAsync(Guid.CreateVersion7(), Rule(services, "access-log"), cancellationToken);

    private static Task<long> SweepAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services
            .GetRequiredService<SweepRows>()
            .RunAsync(Guid.CreateVersion7(), Rule(services, "repeats"), static _ => { }, cancellationToken);

    private static async Task<long> PlainAsync(
        NpgsqlDataSource superuser,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await superuser.OpenConnectionAsync(cancellationToken);
        var total = 0L;
        while (true)
        {
            await using var command = new NpgsqlCommand(Batch, connection);
            command.Parameters.AddWithValue(now - Duration.FromDays(5));
            var deleted = await command.ExecuteNonQueryAsync(cancellationToken);
            if (deleted == 0)
            {
                return total;
            }

            total += deleted;
        }
    }

    private static async Task FillAsync(
        NpgsqlDataSource superuser,
        int rows,
        Instant time,
        CancellationToken cancellationToken
    )
    {
        await using var command = superuser.CreateCommand(
            """
            insert into request_receipts (tenant_id, request_id, request_digest, create_time)
            select gen_random_uuid(), gen_random_uuid(), sha256(n::text::bytea), $2::timestamptz + n * interval '1 microsecond'
            from generate_series(1, $1) n
            """
        );
        command.Parameters.AddWithValue(rows);
        command.Parameters.AddWithValue(time);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task FillMonthAsync(
        NpgsqlDataSource superuser,
        LocalDate month,
        int rows,
        CancellationToken cancellationToken
    )
    {
        await using var command = superuser.CreateCommand(
            """
            insert into access_entries (tenant_id, entry_time, writer_id, sequence, access_time, duration_micros, caller_kind,
                caller_name, method, objects, outcome, reason, previous_hash, hash)
            select gen_random_uuid(), $2::date + n * interval '1 microsecond', $3, n, $2::date, 1, 'Frontend', 'dashboard', 'M', '',
                'Allowed', '', sha256(''), sha256('') from generate_series(1, $1) n
            """
        );
        command.Parameters.AddWithValue(rows);
        command.Parameters.AddWithValue(month);
        command.Parameters.AddWithValue(Guid.CreateVersion7());
        await using (var ensure = superuser.CreateCommand("select kalisecu_ensure_access_partition($1)"))
        {
            ensure.Parameters.AddWithValue(month);
            await ensure.ExecuteNonQueryAsync(cancellationToken);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task RunAsync(NpgsqlDataSource superuser, string sql)
    {
#pragma warning disable CA2100 // Two constants of this class.
        await using var command = superuser.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
