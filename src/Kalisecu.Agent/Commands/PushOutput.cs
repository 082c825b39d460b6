using System.Text.Json;
using Google.Protobuf;
using Kalisecu.Agent.Push;
using Kalisecu.Agent.Spool;
using Kalisecu.Findings.V1;
using Spectre.Console;

namespace Kalisecu.Agent.Commands;

/// <summary>What <c>push</c> says while it works: a bar where a person looks, lines elsewhere, JSON for programs.</summary>
internal sealed class PushOutput(bool json)
{
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true)
    );

    private readonly IAnsiConsole _errors = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }
    );

    public static void Problem(string text) => Console.Error.WriteLine(text);

    public void Spooled(string file, SpoolEntry entry)
    {
        if (!json)
        {
            var open = entry.Open;
            Console.WriteLine(
                $"{file}: {open.Tool} found {open.FindingCount} findings in {open.OccurrenceCount} places and observed {open.ObservationCount} facts"
            );
        }
    }

    public static void Waiting(string reason, TimeSpan wait) =>
        Console.Error.WriteLine($"{reason}; next try in {wait.TotalSeconds:F1} s");

    public async Task<PushOutcome> WithProgressAsync(
        PushOpen open,
        Func<IProgress<PushProgress>?, Task<PushOutcome>> push
    )
    {
        if (json || !_errors.Profile.Out.IsTerminal)
        {
            return await push(null);
        }

        return await _errors
            .Progress()
            .AutoClear(true)
            .StartAsync(async context =>
            {
                var bar = context.AddTask(
                    Markup.Escape($"Pushing {open.Tool}"),
                    maxValue: Math.Max(1, open.OccurrenceCount)
                );
                return await push(new Bar(bar));
            });
    }

    public void Pushed(PushOpen open, PushOutcome outcome)
    {
        switch (outcome)
        {
            case { Counts: { } counts } when json:
                Console.WriteLine(
                    $"{{\"scan_id\":\"{open.ScanId}\",\"site_id\":\"{open.SiteId}\",\"tool\":\"{open.Tool}\",\"counts\":{Formatter.Format(counts)}}}"
                );
                break;
            case { Counts: { } counts }:
                Console.WriteLine(
                    $"Pushed {open.Tool}: {counts.OccurrencesOpened} places opened, {counts.OccurrencesClosed} closed, {counts.OccurrencesUnchanged} unchanged; {counts.FindingsOpened} findings new, {counts.FindingsReopened} back, {counts.FindingsClosed} gone, {counts.FindingsChanged} changed"
                );
                break;
            case { Refusal: { } refusal } when json:
                Console.WriteLine($"{{\"scan_id\":\"{open.ScanId}\",\"refusal\":{JsonSerializer.Serialize(refusal)}}}");
                break;
            case { Refusal: { } refusal }:
                Problem($"The server refused this scan: {refusal}\nIt is kept in the spool's folder `refused`.");
                break;
            default:
                Problem("The server did not take this scan yet: it stays in the spool, and the next push sends it.");
                break;
        }
    }

    private sealed class Bar(ProgressTask bar) : IProgress<PushProgress>
    {
        public void Report(PushProgress value) => bar.Value = value.Durable;
    }
}
