using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Findings.V1;
using NodaTime;

namespace Kalisecu.Cli.Commands;

/// <summary>Streams all occurrences out, one line each, whatever their number.</summary>
internal static class FindingExport
{
    private static readonly Option<string?> Site = Options.Text("--site", "SITE", "Only those of this site");
    private static readonly Option<bool> OpenOnly = new("--open") { Description = "Leave out closed ones" };

    public static Command Create() =>
        new Leaf("export", "Write all occurrences, one line each", "findings export --open --json")
        {
            Site,
            OpenOnly,
        }.Runs(Run);

    private static async Task<int> Run(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var client = new FindingService.FindingServiceClient(connection.Invoker);
        var request = new ExportOccurrencesRequest { SiteId = run.Get(Site) ?? "", OpenOnly = run.Get(OpenOnly) };
        using var call = client.ExportOccurrences(request, cancellationToken: cancellationToken);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            foreach (var occurrence in batch.Occurrences.Select(ExportedLine.Of))
            {
                if (run.Output.IsJson)
                {
                    run.Output.Line(occurrence);
                }
                else
                {
                    run.Output.Raw(
                        $"{occurrence.FindingId}\t{occurrence.OccurrenceId}\t{occurrence.Tool}\t{occurrence.OpenTime}\t"
                            + $"{occurrence.CloseTime}\t{Show.Safe(occurrence.Place)}\n"
                    );
                }
            }
        }

        return ExitCodes.Ok;
    }
}

/// <summary>An exported occurrence with its packed fields unfolded.</summary>
internal sealed record ExportedLine(
    string FindingId,
    string OccurrenceId,
    string Tool,
    string Place,
    string OpenTime,
    string? CloseTime
)
{
    public static ExportedLine Of(ExportedOccurrence occurrence) =>
        new(
            Id(occurrence.FindingId),
            Id(occurrence.OccurrenceId),
            occurrence.Tool,
            occurrence.Place,
            Moment(occurrence.OpenTimeMicros),
            occurrence.CloseTimeMicros == 0 ? null : Moment(occurrence.CloseTimeMicros)
        );

    private static string Id(ByteString bytes) => new Guid(bytes.Span, bigEndian: true).ToString();

    private static string Moment(long micros) =>
        (Instant.FromUnixTimeTicks(0) + Duration.FromTicks(micros * 10)).ToString();
}
