using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Push;
using Kalisecu.Agent.Spool;
using Kalisecu.Errors.V1;
using Kalisecu.Findings;
using Kalisecu.Findings.V1;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.IntegrationTests.Findings;

/// <summary>What one agent can make the server hold.</summary>
public sealed class PushLimitTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Megabyte = 1024 * 1024;

    // The default of the setting.
    private const int PushesAtOnce = 4;
    private const long PushBytes = 24 * Megabyte;

    private PushMemory Memory => server.Services.GetRequiredService<PushMemory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_of_too_many_findings_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [1])));
        await push.OpenAsync();
        var findings = new FindingBatch { Findings = { Enumerable.Repeat(new FindingBody(), 1_001) } };

        await RefusedAsync(push, () => push.SendAsync(new PushScanRequest { Findings = findings }));
    }

    [Fact]
    public async Task A_batch_of_too_many_ids_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        await site.PushAsync(new AScan(("xss", [1])));
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [2])));
        Assert.Equal(PushPlan.Ids, await push.OpenAsync());

        await RefusedAsync(
            push,
            async () =>
            {
                await push.SendFindingsAsync();
                await push.SendAsync(Ids(site, 1, 0, 20_001));
            }
        );
    }

    [Fact]
    public async Task A_batch_of_too_many_occurrences_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        using var push = await RawPush.OfAsync(site, new AScan(("xss", AScan.Pages(1, 2_001))));
        await push.OpenAsync();

        await RefusedAsync(
            push,
            async () =>
            {
                await push.SendFindingsAsync();
                await push.SendBodiesAsync(together: true);
            }
        );
    }

    [Fact]
    public async Task A_batch_of_too_many_observations_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [1])));
        await push.OpenAsync();
        var observations = new ObservationBatch { Observations = { Enumerable.Repeat(new ObservationBody(), 1_001) } };

        await RefusedAsync(
            push,
            async () =>
            {
                await push.SendFindingsAsync();
                await push.SendBodiesAsync(together: true);
                await push.SendAsync(new PushScanRequest { Observations = observations });
            }
        );
    }

    [Fact]
    public async Task A_message_of_too_many_visited_places_is_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [1])));
        await push.OpenAsync();
        var coverage = new Coverage { VisitedPlaces = { AScan.Pages(1, 10_001).Select(AScan.Page) } };

        await RefusedAsync(
            push,
            async () =>
            {
                await push.SendFindingsAsync();
                await push.SendBodiesAsync(together: true);
                await push.SendAsync(new PushScanRequest { Coverage = coverage });
            }
        );
    }

    [Fact]
    public async Task More_batches_than_the_window_holds_are_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        using var push = await RawPush.OfAsync(site, new AScan(("xss", AScan.Pages(1, 17))));
        await push.OpenAsync();
        await using var stopped = await RawPush.StopWritingAsync(server);

        await Refused.WithAsync(
            ErrorReason.TooManyUnacknowledged,
            () =>
                push.ToTheEndAsync(async () =>
                {
                    await push.SendFindingsAsync();
                    await push.SendBodiesAsync(together: false);
                })
        );
    }

    [Fact]
    public async Task Ids_without_their_bodies_are_refused_before_they_fill_the_memory()
    {
        using var site = await PushedSite.OfAsync(server);
        await site.PushAsync(new AScan(("xss", [1])));
        using var push = await RawPush.OfAsync(site, new AScan(("xss", [2])));
        await push.OpenAsync(open => open.OccurrenceCount = 1_000_000);
        await push.SendFindingsAsync(1_000_000);
        for (var batch = 0; batch < 10; batch++)
        {
            await push.SendAsync(Ids(site, (uint)batch + 1, batch * 20_000, 20_000));
            Assert.True(await push.HearAsync());
        }

        await Refused.WithAsync(
            ErrorReason.TooManyUnsent,
            () => push.ToTheEndAsync(() => push.SendAsync(Ids(site, 11, 200_000, 1)))
        );
    }

    [Fact]
    public async Task An_agents_next_push_waits_until_one_of_its_others_has_ended()
    {
        using var site = await PushedSite.OfAsync(server);
        var pushes = new List<RawPush>();
        for (var i = 0; i < PushesAtOnce; i++)
        {
            pushes.Add(await RawPush.OfAsync(site, new AScan(("xss", [1])) { Tool = $"tool-{i}" }));
            await pushes[i].OpenAsync();
        }

        pushes.Add(await RawPush.OfAsync(site, new AScan(("xss", [1])) { Tool = "tool" }));
        var waiting = pushes[PushesAtOnce].OpenAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(300), Cancel);
        Assert.False(waiting.IsCompleted);
        pushes[0].Dispose();

        Assert.Equal(PushPlan.All, await waiting);
        pushes.ForEach(p => p.Dispose());
    }

    [Fact]
    public async Task More_pushes_of_an_agent_than_may_wait_are_refused()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await site.SpoolAsync(new AScan(("xss", [1])));
        var pushes = Enumerable
            .Range(0, PushesAtOnce + PushSlots.MaximumWaiting + 1)
            .Select(_ => new RawPush(site, entry, lease))
            .ToList();

        await Refused.WithAsync(
            ErrorReason.LimitExceeded,
            async () => await await Task.WhenAny(pushes.Select(p => p.HearAsync()))
        );
        pushes.ForEach(p => p.Dispose());
    }

    [Fact]
    public async Task More_streams_than_all_agents_may_have_are_refused_until_one_ends()
    {
        var usual = server.Settings.Agents.PushStreams;
        using var one = await PushedSite.OfAsync(server);
        using var other = await PushedSite.OfAsync(server);
        try
        {
            server.Settings.Agents.PushStreams = 1;
            using var push = await RawPush.OfAsync(one, new AScan(("xss", [1])));
            await push.OpenAsync();
            using var refused = await RawPush.OfAsync(other, new AScan(("xss", [1])));

            var refusal = await Refused.WithAsync(ErrorReason.LimitExceeded, () => refused.OpenAsync());
            Assert.Equal("push_streams", refusal.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>().Metadata["limit"]);
            Assert.NotNull(refusal.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
            await push.SendAllAsync();

            using var next = await RawPush.OfAsync(other, new AScan(("xss", [1])) { Tool = "next" });
            Assert.Equal(PushPlan.All, await next.OpenAsync());
        }
        finally
        {
            server.Settings.Agents.PushStreams = usual;
        }
    }

    [Fact]
    public async Task While_the_database_stands_still_no_more_is_held_than_the_setting_says()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await LargeScanAsync(site);
        Task<PushCounts> pushing;
        await using (await RawPush.StopWritingAsync(server))
        {
            pushing = new PushStream(site.Invoker, entry).RunAsync(lease, Cancel);
            while (Memory.Held <= PushBytes - 4 * Megabyte)
            {
                Assert.False(pushing.IsCompleted);
                await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
            }

            // Time for what would come if nothing held it back.
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancel);
            Assert.InRange(Memory.Held, 1, PushBytes);
        }

        Assert.Equal(600UL, (await pushing).OccurrencesOpened);
        Assert.Equal(0, Memory.Held);
    }

    [Fact]
    public async Task What_a_broken_push_held_is_given_back()
    {
        using var site = await PushedSite.OfAsync(server);
        var (entry, lease) = await LargeScanAsync(site);
        await using var stopped = await RawPush.StopWritingAsync(server);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var pushing = new PushStream(site.Invoker, entry).RunAsync(lease, broken.Token);
        while (Memory.Held <= PushBytes - 4 * Megabyte)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
        }

        await broken.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => pushing);

        while (Memory.Held > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
        }
    }

    private static Task<RpcException> RefusedAsync(RawPush push, Func<Task> send) =>
        Refused.WithAsync(ErrorReason.BatchTooLarge, () => push.ToTheEndAsync(send));

    /// <summary>11 messages of 3.5 MB.</summary>
    private static async Task<(SpoolEntry Entry, string Lease)> LargeScanAsync(PushedSite site) =>
        await site.SpoolAsync(new AScan(("xss", AScan.Pages(1, 600))) { Exchange = new byte[60_000] });

    private static PushScanRequest Ids(PushedSite site, uint sequence, int from, int count)
    {
        var ids = new byte[count * 16];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(ids.AsSpan(i * 16), from + i + 1);
        }

        var finding = new FindingIds
        {
            FindingId = UnsafeByteOperations.UnsafeWrap(
                ContentIds.Finding(site.Site, "xss").ToByteArray(bigEndian: true)
            ),
            OccurrenceIds = UnsafeByteOperations.UnsafeWrap(ids),
        };
        return new PushScanRequest
        {
            Ids = new IdBatch { Sequence = sequence, Findings = { finding } },
        };
    }
}
