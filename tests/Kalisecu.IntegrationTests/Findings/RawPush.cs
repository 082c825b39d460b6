using Grpc.Core;
using Kalisecu.Agent.Push;
using Kalisecu.Agent.Spool;
using Kalisecu.Findings.V1;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.IntegrationTests.Findings;

/// <summary>A push message by message, as no agent of ours would send it.</summary>
internal sealed class RawPush(PushedSite site, SpoolEntry entry, string lease) : IDisposable
{
    private readonly AsyncDuplexStreamingCall<PushOut, PushScanResponse> _call = site.Invoker.AsyncDuplexStreamingCall(
        PushMethod.PushScan,
        null,
        default
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RawPush> OfAsync(PushedSite site, AScan scan)
    {
        var (entry, lease) = await site.SpoolAsync(scan);
        return new RawPush(site, entry, lease);
    }

    /// <summary>Occurrences cannot be written until it is disposed.</summary>
    public static async Task<NpgsqlConnection> StopWritingAsync(TestServer server)
    {
        var connection = new NpgsqlConnection(server.Database.Superuser + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("begin; lock table occurrences in exclusive mode", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    public async Task<PushPlan> OpenAsync(Action<PushOpen>? change = null)
    {
        var open = entry.Open.Clone();
        open.LeaseId = lease;
        change?.Invoke(open);
        await SendAsync(new PushScanRequest { Open = open });
        Assert.True(await HearAsync());
        return _call.ResponseStream.Current.Opened.Plan;
    }

    public Task SendAsync(PushOut message) => _call.RequestStream.WriteAsync(message, Cancel);

    public async Task SendFindingsAsync(uint? occurrences = null)
    {
        var findings = entry.Findings.Single().Clone();
        findings.Findings.Findings[0].OccurrenceCount = occurrences ?? findings.Findings.Findings[0].OccurrenceCount;
        await SendAsync(findings);
    }

    /// <summary>The first so many bodies as one batch, or each as a batch of its own.</summary>
    public async Task SendBodiesAsync(bool together)
    {
        var bodies = await File.ReadAllBytesAsync(Path.Combine(entry.Folder, SpoolEntry.BodiesFile), Cancel);
        if (together)
        {
            await SendAsync(new PushOut(null, 1, bodies));
            return;
        }

        foreach (var (index, row) in entry.ReadIds().Index())
        {
            await SendAsync(new PushOut(null, (ulong)index + 1, bodies.AsMemory((int)row.Offset, row.Length)));
        }
    }

    /// <summary>What an agent sends after the opening, to the completed scan.</summary>
    public async Task SendAllAsync()
    {
        await SendFindingsAsync();
        await SendBodiesAsync(together: true);
        foreach (var message in entry.Observations.Concat(entry.Coverage))
        {
            await SendAsync(message);
        }

        var counts = new PushClose
        {
            OccurrenceCount = entry.Open.OccurrenceCount,
            FindingCount = entry.Open.FindingCount,
            ObservationCount = entry.Open.ObservationCount,
        };
        await SendAsync(new PushScanRequest { Close = counts });
        while (await HearAsync()) { }
    }

    public Task<bool> HearAsync() => _call.ResponseStream.MoveNext(Cancel);

    /// <summary>Sends and then listens to the end: what ends the stream is thrown.</summary>
    public async Task ToTheEndAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // Why, is what the other side is told.
        }

        while (await HearAsync()) { }
    }

    public void Dispose() => _call.Dispose();
}
