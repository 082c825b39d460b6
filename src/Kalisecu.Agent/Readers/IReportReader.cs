using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// One format. To add the next: write its reader, list it in <see cref="ReportFormats"/>, describe it in
/// <c>docs/report-formats.md</c>, add its rules to <c>catalogue/checks.json</c>.
/// </summary>
internal interface IReportReader
{
    /// <summary>The name that <c>--format</c> takes.</summary>
    string Format { get; }

    /// <summary>What the absence of a place in such a report says.</summary>
    CoverageExtent Extent { get; }

    /// <summary>Whether the content begins like this format; names of files do not count.</summary>
    bool Recognises(ReportHead head);

    /// <summary>
    /// Yields while it reads and holds one record at a time. Readers are synchronous: they read local files, and the
    /// JSON and XML readers of the platform are fastest so.
    /// </summary>
    /// <exception cref="ReportProblem">for anything wrong with the content, and nothing else</exception>
    IEnumerable<ReportRecord> Read(ReportSource source);
}
