using System.Text;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Readers;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Tests.Agent;

/// <summary>Reports of the tests: fixtures, texts and streams that exist only while they are read.</summary>
internal static class AReport
{
    public static readonly ReportFormats Formats = new(CheckCatalogue.Load());

    public static readonly Guid Site = Guid.Parse("11111111-2222-8333-8444-555555555555");

    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Agent", "Fixtures", name);

    public static IEnumerable<string> FixtureNames =>
        Directory
            .EnumerateFiles(Fixture(string.Empty))
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal);

    public static Report Of(string fixture, string? format = null) =>
        Report.Open(ReportSource.File(Fixture(fixture)), Formats, format);

    public static Report OfBytes(byte[] bytes, string? format = null, string name = "report") =>
        Report.Open(new ReportSource(name, () => new MemoryStream(bytes)), Formats, format);

    public static Report OfText(string text, string? format = null, string name = "report") =>
        OfBytes(Encoding.UTF8.GetBytes(text), format, name);

    public static Report OfStream(Func<Stream> open, string? format = null) =>
        Report.Open(new ReportSource("report", open), Formats, format);

    public static IReadOnlyList<ReportRecord> Records(this Report report) =>
        [.. report.Read(TestContext.Current.CancellationToken)];

    public static ReportSurvey Survey(this Report report) =>
        ReportSurvey.Of(report, TestContext.Current.CancellationToken);

    public static IReadOnlyList<IdentifiedRecord> Identified(this Report report) =>
        [.. new ReportIdentity(Site).Identify(report.Read(TestContext.Current.CancellationToken))];

    public static IReadOnlyList<IdentifiedOccurrence> Occurrences(this Report report) =>
        [.. report.Identified().OfType<IdentifiedOccurrence>()];
}
