using System.Diagnostics;
using Kalisecu.Cli.OneMachine;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Deliveries;

/// <summary>Delivery workers killed at any moment, above all between sending a letter and recording it.</summary>
public sealed class DeliverySurvivesKillsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Letters = 300;
    private const int Kills = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_letter_is_lost_and_a_second_copy_bears_the_Message_ID_of_the_first()
    {
        using var authorities = new TestAuthorities();
        using var server = await SmtpServer.StartAsync(authorities);
        await using var outbox = new AnOutbox(database);
        outbox.Settings.Delivery.Smtp = server.Options(outbox.Folder, authorities);
        outbox.Settings.Delivery.LettersPerSecond = 100;
        outbox.Settings.Delivery.ClaimSeconds = 5;
        var posted = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Letters; i++)
        {
            posted.Add($"{await outbox.PostAsync($"person{i}@client.example"):D}@kalisecu.com");
        }

        for (var kill = 1; kill <= Kills; kill++)
        {
            using var worker = Start(outbox);
            await WaitAsync(() => Task.FromResult(server.Taken.Count >= kill * 60), server);
            worker.Kill();
            await worker.WaitForExitAsync(Cancel);
        }

        using (var last = Start(outbox))
        {
            await WaitAsync(async () => await outbox.CountAsync("Sent") == Letters, server);
            last.Kill();
            await last.WaitForExitAsync(Cancel);
        }

        // Whoever knows a Message-ID again, as mailboxes do, has each letter once.
        var taken = server.Taken.Select(t => t.MessageId).ToList();
        Assert.Equal(
            posted.Order(StringComparer.Ordinal),
            taken.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        // Only what was on its way at a kill can have gone twice.
        Assert.InRange(taken.Count - Letters, 0, Kills * outbox.Settings.Delivery.LettersAtOnce);
    }

    private static Process Start(AnOutbox outbox)
    {
        var program = OurPrograms.Worker("Kalisecu.DeliveryWorker", outbox.WriteSettings());
        return Process.Start(new ProcessStartInfo(program[0], program.Skip(1)))!;
    }

    private static async Task WaitAsync(Func<Task<bool>> isSo, SmtpServer server)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < Patience, $"Not so after a long time; the server took {server.Taken.Count}");
            await Task.Delay(50, Cancel);
        }
    }
}
