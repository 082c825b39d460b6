using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Kalisecu.Findings.V1;
using Kalisecu.TestKit;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// A streamed export of all occurrences of a tenant against psql's \copy of the same rows under the same row security, in turn,
/// so that all see the same machine.
/// </summary>
internal static class ExportBenchmark
{
    public const string ServeVerb = "serve-export";
    public const int Occurrences = 300_000;

    private const int Rounds = 5;

    // As a .NET client reads them, and as bytes, for what the server alone can give.
    private static readonly Method<ExportOccurrencesRequest, object> Bytes = new(
        MethodType.ServerStreaming,
        FindingService.Descriptor.FullName,
        nameof(FindingService.FindingServiceClient.ExportOccurrences),
        Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, ExportOccurrencesRequest.Parser.ParseFrom),
        Marshallers.Create<object>(static (_, _) => { }, static context => context.PayloadAsReadOnlySequence().Length)
    );

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        await using var server = await ServerProcess<ExportTargets>.StartAsync(
            ServeVerb,
            folder.Path,
            cancellationToken
        );
        var targets = server.Targets;
        using var certificate = X509Certificate2.CreateFromPemFile(targets.Certificate, targets.Key);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(targets.Authority);
        using var channel = TestChannels.Open(targets.Address, [authority], certificate);
        var calls = channel.CreateCallInvoker();
        var headers = new Metadata();
        foreach (var (name, value) in targets.Headers)
        {
            headers.Add(name, value);
        }

        Func<Task<double>>[] ways =
        [
            () => Psql.CopyAsync(targets.Psql, targets.TenantId, targets.Copy, cancellationToken),
            () => ExportAsync(calls, headers, cancellationToken),
            () => ExportBytesAsync(calls, headers, cancellationToken),
        ];
        await RoundAsync(ways);
        var before = server.ResidentMegabytes;
        var rounds = new double[Rounds][];
        for (var round = 0; round < Rounds; round++)
        {
            rounds[round] = await RoundAsync(ways);
        }

        var (after, peak) = (server.ResidentMegabytes, server.PeakMegabytes);
        var table = new Table().AddColumns("export", "rows/s: median (range)", "ratio: median (range)");
        foreach (var (i, name) in new[] { "psql \\copy", "gRPC, objects", "gRPC, bytes" }.Index())
        {
            table.AddRow(
                name,
                Figures.Median(rounds.Select(r => Occurrences / r[i]), "N0"),
                i == 0 ? "" : Figures.Median(rounds.Select(r => r[0] / r[i]), "N2")
            );
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"{Occurrences:N0} occurrences; the server's memory: {before:N0} MB after a first round, {after:N0} MB after the last, at most {peak:N0} MB."
        );
        return 0;
    }

    private static async Task<double[]> RoundAsync(Func<Task<double>>[] ways)
    {
        var seconds = new double[ways.Length];
        for (var i = 0; i < ways.Length; i++)
        {
            seconds[i] = await ways[i]();
        }

        return seconds;
    }

    private static async Task<double> ExportAsync(
        CallInvoker calls,
        Metadata headers,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        using var call = new FindingService.FindingServiceClient(calls).ExportOccurrences(
            new ExportOccurrencesRequest(),
            headers,
            cancellationToken: cancellationToken
        );
        var count = 0;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            count += call.ResponseStream.Current.Occurrences.Count;
        }

        return count == Occurrences
            ? watch.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"The export brought {count} occurrences.");
    }

    private static async Task<double> ExportBytesAsync(
        CallInvoker calls,
        Metadata headers,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        using var call = calls.AsyncServerStreamingCall(
            Bytes,
            host: null,
            new CallOptions(headers, cancellationToken: cancellationToken),
            new ExportOccurrencesRequest()
        );
        while (await call.ResponseStream.MoveNext(cancellationToken)) { }

        return watch.Elapsed.TotalSeconds;
    }
}
