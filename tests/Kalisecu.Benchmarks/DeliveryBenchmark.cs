using System.Diagnostics;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Deliveries;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Npgsql;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// Two delivery workers empty an outbox into Debian's aiosmtpd over STARTTLS with sign-in; each letter is claimed, opened,
/// sent and durably recorded. The yardstick is the goal: 500 letters a second.
/// </summary>
internal static class DeliveryBenchmark
{
    private const int Letters = 10_000;
    private const int Rounds = 3;
    private const int Workers = 2;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var postgres = await TestPostgres.StartAsync(durable: true, cancellationToken);
        var name = await postgres.CreateDatabaseAsync(cancellationToken);
        using var authorities = new TestAuthorities();
        using var folder = new TestFolder();
        using var server = await SmtpServer.StartAsync(authorities);
        var settings = TestWorkerSettings.Make(
            folder,
            Worker.Delivery,
            postgres.Connection(DatabaseRoles.Delivery, name)
        );
        settings.Delivery.Smtp = server.Options(folder, authorities);
        settings.Delivery.Smtp.Connections = 8;
        settings.Delivery.LettersPerSecond = 10_000;
        settings.Delivery.LettersAtOnce = 200;
        var file = TestWorkerSettings.Write(folder, Worker.Delivery, settings);
        using var host = WorkerHost.Build(settings, Worker.Delivery, [DeliveriesModule.Delivery]);
        await using var superuser = NpgsqlDataSource.Create(postgres.SuperuserConnection(name));

        var rates = new List<double>();
        var workers = Enumerable.Range(0, Workers).Select(_ => Start(file)).ToList();
        try
        {
            // The first letters also compile the workers' code and open their connections.
            await RoundAsync(host.Services, superuser, 1_000, cancellationToken);
            for (var round = 0; round < Rounds; round++)
            {
                rates.Add(await RoundAsync(host.Services, superuser, Letters, cancellationToken));
            }
        }
        finally
        {
            workers.ForEach(w => w.Kill());
        }

        var ids = server.Taken.Select(t => t.MessageId).ToList();
        AnsiConsole.WriteLine($"Letters a second, {Workers} workers, one aiosmtpd: {Figures.Median(rates, "N0")}");
        AnsiConsole.WriteLine(
            $"Taken {ids.Count:N0}, of them different {ids.Distinct(StringComparer.Ordinal).Count():N0}"
        );
        return 0;
    }

    /// <summary>Writes letters that are due in a moment, and waits until all are sent.</summary>
    private static async Task<double> RoundAsync(
        IServiceProvider services,
        NpgsqlDataSource superuser,
        int count,
        CancellationToken cancellationToken
    )
    {
        await WriteAsync(services, count, cancellationToken);
        var watch = Stopwatch.StartNew();
        await RunAsync(
            superuser,
            $"update letters set next_time = now() where state = 'Queued'; select pg_notify('{LetterBox.Channel}', '')",
            cancellationToken
        );
        while (
            await RunAsync(superuser, "select count(*) from letters where state = 'Queued'", cancellationToken) is > 0L
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    private static async Task WriteAsync(IServiceProvider services, int count, CancellationToken cancellationToken)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var key = services.GetRequiredService<KeyRing>().For(TenantScope.Platform);
        var text = new LetterText("Votre rapport", new string('x', 1500) + "\n", new string('y', 3000));
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1000))
        {
            await services
                .GetRequiredService<AllTenants>()
                .RunAsync(
                    async db =>
                    {
                        foreach (var i in chunk)
                        {
                            var id = Ids.New(now);
                            var draft = new LetterDraft(
                                $"bench/{id:D}",
                                "bench.letter",
                                LetterNature.Service,
                                PersonId: null,
                                $"person{i}@client.example",
                                Language.Fr,
                                text,
                                "bench",
                                id,
                                now + Duration.FromHours(1)
                            );
                            db.Add(Letter.Write(TenantScope.Platform, draft, key, now));
                        }

                        return await db.SaveChangesAsync(cancellationToken);
                    },
                    cancellationToken
                );
        }
    }

    private static async Task<object?> RunAsync(
        NpgsqlDataSource source,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static Process Start(string settings)
    {
        var program = OurPrograms.Worker("Kalisecu.DeliveryWorker", settings);
        return Process.Start(new ProcessStartInfo(program[0], program.Skip(1)))!;
    }
}
