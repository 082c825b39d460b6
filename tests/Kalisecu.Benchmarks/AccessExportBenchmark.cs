using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.TestKit;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// The access export of one person with very many rows, made by the server and fetched from it in both formats, against
/// psql's \copy of the same rows under the same row security, in turn; and how much memory the server takes for it.
/// </summary>
internal static class AccessExportBenchmark
{
    public const string ServeVerb = "serve-access-export";
    public const int UsualRows = 1_000_000;

    private const int Rounds = 5;

    // The runtime compiles again, in the background, what is called often: those few are part of what is idle afterwards.
    private const int FirstExports = 20;

    private static readonly string[] Ways =
    [
        "psql \\copy",
        "export made",
        "export made, and fetched as JSON",
        "export fetched as HTML",
    ];

    public static async Task<int> RunAsync(int rows, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["rows"], rows.ToString(CultureInfo.InvariantCulture), cancellationToken);
        await using var server = await ServerProcess<AccessExportTargets>.StartAsync(
            ServeVerb,
            folder.Path,
            cancellationToken
        );
        var (targets, started) = (server.Targets, server.ResidentMegabytes);
        using var certificate = X509Certificate2.CreateFromPemFile(targets.Certificate, targets.Key);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(targets.Authority);
        using var channel = TestChannels.Open(targets.Address, [authority], certificate);
        var exports = new Exports(new RightsService.RightsServiceClient(channel.CreateCallInvoker()), targets);
        for (var i = 0; i < FirstExports; i++)
        {
            await exports.RunAsync(targets.Few, minimumRows: 1, cancellationToken);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        var idle = server.ResidentMegabytes;
        await server.ResetPeakAsync();
        var rounds = new double[Rounds][];
        for (var round = 0; round < Rounds; round++)
        {
            var copied = await Psql.CopyAsync(targets.Psql, targets.TenantId, targets.Copy, cancellationToken);
            var (made, json, html) = await exports.RunAsync(targets.Many, rows, cancellationToken);
            rounds[round] = [copied, made, made + json, html];
            AnsiConsole.WriteLine(
                $"Round {round + 1}: psql {copied:N2} s, made {made:N2} s, fetched as JSON {json:N2} s, as HTML {html:N2} s; {server.ResidentMegabytes:N0} MB"
            );
        }

        var peak = server.PeakMegabytes;
        Report(rows, rounds);
        AnsiConsole.WriteLine(
            $"The server's memory: {started:N0} MB after its start, {idle:N0} MB after {FirstExports} small exports, at most {peak:N0} MB: {peak - idle:N0} MB more than idle."
        );
        return 0;
    }

    private static void Report(int rows, double[][] rounds)
    {
        var table = new Table().AddColumns(
            $"{rows:N0} rows",
            "seconds: median (range)",
            "rows/s: median (range)",
            "ratio: median (range)"
        );
        foreach (var (i, name) in Ways.Index())
        {
            table.AddRow(
                name,
                Figures.Median(rounds.Select(r => r[i]), "N2"),
                Figures.Median(rounds.Select(r => rows / r[i]), "N0"),
                Figures.Median(rounds.Select(r => r[0] / r[i]), "N2")
            );
        }

        AnsiConsole.Write(table);
    }

    /// <summary>What staff and the person call.</summary>
    private sealed class Exports(RightsService.RightsServiceClient rights, AccessExportTargets targets)
    {
        /// <summary>Seconds to make it, to fetch it as JSON and to fetch it as HTML.</summary>
        public async Task<(double Made, double Json, double Html)> RunAsync(
            ExportSubject subject,
            int minimumRows,
            CancellationToken cancellationToken
        )
        {
            var watch = Stopwatch.StartNew();
            var answer = await rights.CreateExportAsync(
                new CreateExportRequest
                {
                    PrivacyRequestId = subject.RequestId,
                    PersonId = subject.PersonId,
                    Kind = ExportKind.Access,
                    Language = ExportLanguage.Fr,
                },
                Headers(),
                cancellationToken: cancellationToken
            );
            var made = watch.Elapsed.TotalSeconds;
            var export = answer.Export;
            if ((long)export.RecordCount < minimumRows)
            {
                throw new InvalidOperationException($"The export has {export.RecordCount} records.");
            }

            var json = await FetchAsync(export.ExportId, ExportFormat.Json, cancellationToken);
            var html = await FetchAsync(export.ExportId, ExportFormat.Html, cancellationToken);
            return (made, json, html);
        }

        private async Task<double> FetchAsync(string exportId, ExportFormat format, CancellationToken cancellationToken)
        {
            var link = await rights.CreateExportLinkAsync(
                new CreateExportLinkRequest { ExportId = exportId, Format = format },
                Headers(),
                cancellationToken: cancellationToken
            );
            var watch = Stopwatch.StartNew();
            using var call = rights.FetchExport(
                new FetchExportRequest { Token = link.Token },
                cancellationToken: cancellationToken
            );
            var bytes = 0L;
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                bytes += call.ResponseStream.Current.Chunk.Length;
            }

            return bytes > 0
                ? watch.Elapsed.TotalSeconds
                : throw new InvalidOperationException("The export that was fetched is empty.");
        }

        private Metadata Headers()
        {
            var headers = new Metadata();
            foreach (var (name, value) in targets.Headers)
            {
                headers.Add(name, value);
            }

            return headers;
        }
    }
}
