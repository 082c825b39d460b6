using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Kalisecu.Consent.V1;
using Kalisecu.Findings.V1;
using Kalisecu.Hosting;
using Kalisecu.TestKit;
using Spectre.Console;

namespace Kalisecu.Benchmarks;

/// <summary>
/// CheckProcessing for persons drawn at random out of very many, against the cheapest read of the same server, GetFinding of
/// one finding that is always in memory: the same session, in turn, one at a time and 64 at once.
/// </summary>
internal static class ConsentBenchmark
{
    public const string ServeVerb = "serve-consent";
    public const int UsualPersons = 1_000_000;

    private const int Rounds = 5;

    private static readonly int[] InFlight = [1, 64];

    public static async Task<int> RunAsync(int persons, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(
            folder["persons"],
            persons.ToString(CultureInfo.InvariantCulture),
            cancellationToken
        );
        await using var server = await ServerProcess<ConsentTargets>.StartAsync(
            ServeVerb,
            folder.Path,
            cancellationToken
        );
        var targets = server.Targets;
        using var certificate = X509Certificate2.CreateFromPemFile(targets.Certificate, targets.Key);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(targets.Authority);
        using var channel = TestChannels.Open(targets.Address, [authority], certificate);
        var calls = channel.CreateCallInvoker();
        var ask = new ConsentService.ConsentServiceClient(calls);
        var read = new FindingService.FindingServiceClient(calls);

        Task Read(PersonTarget _) =>
            read.GetFindingAsync(
                new GetFindingRequest { FindingId = targets.Finding.Id },
                Headers(targets, targets.Finding.TenantId),
                cancellationToken: cancellationToken
            ).ResponseAsync;
        Task Ask(PersonTarget person) =>
            ask.CheckProcessingAsync(
                new CheckProcessingRequest { PersonId = person.Id, Purpose = "direct_marketing" },
                Headers(targets, person.TenantId),
                cancellationToken: cancellationToken
            ).ResponseAsync;

        var table = new Table().AddColumns("call", "at once", "µs a call: median (range)", "times the read");
        foreach (var inFlight in InFlight)
        {
            // Once in which connections are made, statements prepared and code compiled.
            await TimeAsync(targets.Persons, inFlight, Read);
            await TimeAsync(targets.Persons, inFlight, Ask);
            var rounds = new (double Read, double Ask)[Rounds];
            for (var round = 0; round < Rounds; round++)
            {
                rounds[round] = (
                    await TimeAsync(targets.Persons, inFlight, Read),
                    await TimeAsync(targets.Persons, inFlight, Ask)
                );
            }

            table.AddRow("GetFinding", $"{inFlight}", Figures.Median(rounds.Select(r => r.Read), "N0"), "1.00");
            table.AddRow(
                "CheckProcessing",
                $"{inFlight}",
                Figures.Median(rounds.Select(r => r.Ask), "N0"),
                Figures.Median(rounds.Select(r => r.Ask / r.Read), "N2")
            );
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"{persons:N0} persons, {targets.Events:N0} events; the server's memory: {server.ResidentMegabytes:N0} MB."
        );
        return 0;
    }

    /// <summary>Asks about each person once, so many at a time.</summary>
    /// <returns>Microseconds a call: what one waits where it is one at a time, and else the share of each.</returns>
    private static async Task<double> TimeAsync(
        IReadOnlyList<PersonTarget> persons,
        int inFlight,
        Func<PersonTarget, Task> call
    )
    {
        var next = -1;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(WorkAsync)));
        return watch.Elapsed.TotalMicroseconds / persons.Count;

        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < persons.Count; i = Interlocked.Increment(ref next))
            {
                await call(persons[i]);
            }
        }
    }

    private static Metadata Headers(ConsentTargets targets, string tenant) =>
        new()
        {
            { CallerIdentification.SessionHeader, targets.Session },
            { CallerIdentification.TenantHeader, tenant },
        };
}
