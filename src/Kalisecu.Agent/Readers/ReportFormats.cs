using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>All formats the agent reads.</summary>
internal sealed class ReportFormats(CheckCatalogue catalogue)
{
    public const string Auto = "auto";

    private readonly IReadOnlyList<IReportReader> _readers =
    [
        new SarifReader(catalogue),
        new ZapReader(catalogue),
        new NucleiReader(catalogue),
        new TestSslReader(catalogue),
        new NmapReader(catalogue),
    ];

    public IEnumerable<string> Names => _readers.Select(reader => reader.Format);

    public IReportReader Named(string format) =>
        _readers.FirstOrDefault(reader => string.Equals(reader.Format, format, StringComparison.OrdinalIgnoreCase))
        ?? throw new ReportProblem(format, "no such format", $"Known are: {string.Join(", ", Names)}.", default);

    public IReportReader Recognise(ReportSource source)
    {
        var head = source.Head();
        return _readers.FirstOrDefault(reader => reader.Recognises(head))
            ?? throw new ReportProblem(
                "unknown format",
                head.IsBlank ? "the file is empty" : "the content is not that of a report this agent reads",
                $"If it is one, say which with --format ({string.Join(", ", Names)}).",
                new ReportPosition(Line: 1)
            );
    }
}
