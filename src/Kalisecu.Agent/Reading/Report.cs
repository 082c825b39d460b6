using Kalisecu.Agent.Readers;

namespace Kalisecu.Agent.Reading;

/// <summary>A report file and the reader for it.</summary>
internal sealed class Report
{
    private readonly ReportSource _source;
    private readonly IReportReader _reader;

    private Report(ReportSource source, IReportReader reader)
    {
        _source = source;
        _reader = reader;
    }

    public string Name => _source.Name;

    public string Format => _reader.Format;

    public CoverageExtent Extent => _reader.Extent;

    /// <summary>Finds the reader; nothing but the head is read yet.</summary>
    /// <param name="format">a name of <see cref="ReportFormats"/>, or null to tell it from the content</param>
    /// <exception cref="ReportProblem">the format cannot be told</exception>
    public static Report Open(ReportSource source, ReportFormats formats, string? format = null) =>
        new(source, format is null ? formats.Recognise(source) : formats.Named(format));

    /// <summary>Reads from the beginning, each time anew, one record at a time.</summary>
    /// <exception cref="ReportProblem">while enumerating: the report is not sound from here on</exception>
    public IEnumerable<ReportRecord> Read(CancellationToken cancellationToken)
    {
        foreach (var record in _reader.Read(_source))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }
    }
}
