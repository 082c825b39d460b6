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
/// sent and durably recorded (goal: 500 letters a second). Then one of the two is killed in the middle: no letter may be lost,
/// and only those that were on their way at that moment may go again, under the same Message-ID.
/// </summary>
internal static class DeliveryBenchmark
{
    public const int UsualLetters = 10_000;

    private const int WarmUp = 1_000;
    private const int Rounds = 3;
    private const int Workers = 2;
    private const int AtOnce = 200;
    private const double Goal = 500;

    public static async Task<int> RunAsync(int letters, CancellationToken cancellationToken)
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
        settings.Delivery.LettersAtOnce = AtOnce;
        // What the killed one had claimed is not waited for longer than this.
        settings.Delivery.ClaimSeconds = 10;
        var file = TestWorkerSettings.Write(folder, Worker.Delivery, settings);
        using var host = WorkerHost.Build(settings, Worker.Delivery, [DeliveriesModule.Delivery]);
        await using var superuser = NpgsqlDataSource.Create(postgres.SuperuserConnection(name));

        var rates = new List<double>();
        var workers = Enumerable.Range(0, Workers).Select(_ => Start(file)).ToList();
        try
        {
            // The first letters also compile the workers' code and open their connections.
            await RoundAsync(host.Services, superuser, WarmUp, cancellationToken);
            for (var round = 0; round < Rounds; round++)
            {
                await WriteAsync(host.Services, letters, cancellationToken);
                var before = ProcessCpu.Read(workers, server.Process);
                rates.Add(await SendAsync(superuser, letters, cancellationToken));
                AnsiConsole.WriteLine(
                    $"{rates[^1]:N0} letters a second; CPU milliseconds a letter: "
                        + ProcessCpu.Read(workers, server.Process).Since(before, letters)
                );
            }

            var taken = server.Taken.Count;
            AnsiConsole.WriteLine($"Letters a second, {Workers} workers, one aiosmtpd: {Figures.Median(rates, "N0")}");
            var isGood = taken == WarmUp + (Rounds * letters);
            await WriteAsync(host.Services, letters, cancellationToken);
            await ReleaseAsync(superuser, cancellationToken);
            await WaitAsync(superuser, letters / 2, cancellationToken);
            workers[0].Kill();
            workers.Add(Start(file));
            await WaitAsync(superuser, 0, cancellationToken);
            return await AreAllThereAsync(superuser, server, cancellationToken) && isGood && Middle(rates) >= Goal
                ? 0
                : 1;
        }
        finally
        {
            workers.ForEach(w => w.Kill());
        }
    }

    private static double Middle(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    /// <summary>Compares what the relay took with what was posted.</summary>
    private static async Task<bool> AreAllThereAsync(
        NpgsqlDataSource superuser,
        SmtpServer server,
        CancellationToken cancellationToken
    )
    {
        await using var command = superuser.CreateCommand("select array_agg(letter_id) from letters");
        var posted = ((Guid[])(await command.ExecuteScalarAsync(cancellationToken))!).ToHashSet();
        var taken = server.Taken.Select(t => Guid.ParseExact(t.MessageId.Split('@')[0], "D")).ToList();
        var different = taken.ToHashSet();
        var again = taken.Count - different.Count;
        AnsiConsole.WriteLine(
            $"One worker killed in the middle: posted {posted.Count:N0}, taken {different.Count:N0}, "
                + $"lost {posted.Except(different).Count():N0}, again under the same Message-ID {again:N0}"
        );
        return posted.SetEquals(different) && again <= AtOnce;
    }

    /// <summary>Writes letters, and waits until all are sent.</summary>
    private static async Task RoundAsync(
        IServiceProvider services,
        NpgsqlDataSource superuser,
        int count,
        CancellationToken cancellationToken
    )
    {
        await WriteAsync(services, count, cancellationToken);
        await SendAsync(superuser, count, cancellationToken);
    }

    /// <summary>Lets them go and waits until all are sent.</summary>
    /// <returns>How many a second.</returns>
    private static async Task<double> SendAsync(
        NpgsqlDataSource superuser,
        int count,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        await ReleaseAsync(superuser, cancellationToken);
        await WaitAsync(superuser, 0, cancellationToken);
        return count / watch.Elapsed.TotalSeconds;
    }

    private static Task<object?> ReleaseAsync(NpgsqlDataSource superuser, CancellationToken cancellationToken) =>
        RunAsync(
            superuser,
            $"update letters set next_time = now() where state = 'Queued'; select pg_notify('{LetterBox.Channel}', '')",
            cancellationToken
        );

    /// <summary>Waits until no more than so many are queued.</summary>
    private static async Task WaitAsync(NpgsqlDataSource superuser, int queued, CancellationToken cancellationToken)
    {
        while (
            await RunAsync(superuser, "select count(*) from letters where state = 'Queued'", cancellationToken)
                is long left
            && left > queued
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
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
