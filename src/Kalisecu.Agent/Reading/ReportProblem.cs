using System.Globalization;
using System.Runtime.InteropServices;

namespace Kalisecu.Agent.Reading;

/// <summary>
/// The only exception a reader throws about a report's content: what is wrong, where, and what to do. Places count from 1.
/// </summary>
internal sealed class ReportProblem : Exception
{
    public ReportProblem(string format, string what, string advice, ReportPosition position, Exception? cause = null)
        : base(Compose(format, what, advice, position), cause)
    {
        Format = format;
        Position = position;
    }

    public string Format { get; }

    public ReportPosition Position { get; }

    private static string Compose(string format, string what, string advice, ReportPosition position)
    {
        var place = position.ToString();
        return place.Length == 0 ? $"{format}: {what}. {advice}" : $"{format}, {place}: {what}. {advice}";
    }
}

/// <summary>Whatever of its place the reader knows; null is unknown.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReportPosition(long? Line = null, long? Column = null, long? Offset = null)
{
    /// <summary>How many raw records had been read completely before.</summary>
    public long? RecordsBefore { get; init; }

    public override string ToString()
    {
        var parts = new List<string>(3);
        if (Line is { } line)
        {
            parts.Add(
                Column is { } column
                    ? string.Create(CultureInfo.InvariantCulture, $"line {line}:{column}")
                    : string.Create(CultureInfo.InvariantCulture, $"line {line}")
            );
        }

        if (Offset is { } offset)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"byte {offset}"));
        }

        if (RecordsBefore is { } records)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"after record {records}"));
        }

        return string.Join(", ", parts);
    }
}
