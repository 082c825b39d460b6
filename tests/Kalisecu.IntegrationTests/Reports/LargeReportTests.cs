using System.Text.Json;
using Grpc.Core;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using V1 = Kalisecu.Reports.V1;

namespace Kalisecu.IntegrationTests.Reports;

/// <summary>Alone in the process, because the memory that it measures is the process's.</summary>
[CollectionDefinition(nameof(LargeReportTests), DisableParallelization = true)]
public sealed class MeasuredAlone;

[Collection(nameof(LargeReportTests))]
public sealed class LargeReportTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Occurrences = 50_000;

    [Fact]
    public async Task Fifty_thousand_occurrences_are_composed_read_and_exported_in_little_memory()
    {
        // A first, small one, so that what the process needs anyway is there.
        await RunAsync(1000);
        var peaks = await RunAsync(Occurrences);

        // The document has about 17 MB, its entries as objects far more.
        Assert.All(peaks, peak => Assert.True(peak < 8 * 1024 * 1024, string.Join(", ", peaks)));
    }

    [Fact]
    public async Task A_caller_who_leaves_early_leaves_a_usable_server()
    {
        var (site, headers) = await StartAsync(Occurrences);
        var client = new V1.ReportService.ReportServiceClient(
            server.Channel(Certificates.SpiffeKind.Frontend, "dashboard")
        );
        var report = await new ReportClient(server, headers).ComposeAsync(site);
        var cancel = TestContext.Current.CancellationToken;
        for (var i = 0; i < 10; i++)
        {
            using var call = client.ReadReport(
                new V1.ReadReportRequest { ReportId = report.ReportId },
                headers,
                cancellationToken: cancel
            );
            await call.ResponseStream.MoveNext(cancel);
        }

        Assert.Equal(Occurrences + 2, (await new ReportClient(server, headers).ReadAsync(report)).Count);
    }

    private async Task<List<long>> RunAsync(int occurrences)
    {
        var (site, headers) = await StartAsync(occurrences);
        var reports = new ReportClient(server, headers);
        var report = new V1.Report();
        var count = 0;
        List<long> peaks =
        [
            await PeakAsync(async () => report = await reports.ComposeAsync(site)),
            await PeakAsync(() => reports.EachAsync(report, entries => count += entries.Count)),
            await PeakAsync(() => reports.ExportToAsync(report, V1.ExportFormat.Json, Stream.Null)),
            await PeakAsync(() => reports.ExportToAsync(report, V1.ExportFormat.Sarif, Stream.Null)),
        ];
        Assert.Equal((ulong)occurrences, report.Counts.OccurrenceCount);
        Assert.Equal(occurrences + 2, count);
        using var sarif = JsonDocument.Parse((await reports.ExportAsync(report, V1.ExportFormat.Sarif)).Bytes);
        Assert.Equal(occurrences, sarif.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
        return peaks;
    }

    private async Task<(Guid Site, Metadata Headers)> StartAsync(int occurrences)
    {
        var given = server.Given;
        var tenant = await given.TenantAsync();
        var site = await given.SiteAsync(tenant);
        var findings = new GivenFindings(server, tenant, site);
        await findings.ManyOccurrencesAsync(occurrences, await findings.FindingAsync("zap:1"));
        return (site, await given.SignedInAsync(Role.StaffAnalyst, tenant));
    }

    /// <summary>How much more was alive at once while this ran.</summary>
    private static async Task<long> PeakAsync(Func<Task> act)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = before;
        var running = Task.Run(act);
        while (!running.IsCompleted)
        {
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }

        await running;
        return peak - before;
    }
}
