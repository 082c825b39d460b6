using System.Text;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Tests.Agent;

/// <summary>Whatever a file holds: a <see cref="ReportProblem"/> that says where, or a sound reading; never anything else.</summary>
public sealed class HostileReportTests
{
    private const long Gigabyte = 1024L * 1024 * 1024;

    public static TheoryData<string> Fixtures => [.. AReport.FixtureNames];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_report_that_is_cut_anywhere_is_refused_or_smaller(string name)
    {
        var whole = File.ReadAllBytes(AReport.Fixture(name));
        var format = AReport.Of(name).Format;
        var count = AReport.Of(name).Occurrences().Count;
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = AReport.OfBytes(whole[..length], format);
            try
            {
                Assert.InRange(cut.Occurrences().Count, 0, count);
            }
            catch (ReportProblem problem)
            {
                Assert.Equal(format, problem.Format);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_report_with_any_byte_damaged_is_refused_or_read(string name)
    {
        var whole = File.ReadAllBytes(AReport.Fixture(name));
        var format = AReport.Of(name).Format;
        byte[] damages = [0x00, 0xFF, (byte)'"', (byte)'{', (byte)'<'];
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] = damages[at % damages.Length];
            try
            {
                AReport.OfBytes(damaged, format).Occurrences();
            }
            catch (ReportProblem problem)
            {
                Assert.NotEmpty(problem.Message);
            }
        }
    }

    [Theory]
    [InlineData("OWASPZAPReport")]
    [InlineData("nmaprun")]
    public void Entities_are_never_expanded(string root)
    {
        var bomb = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a0 \"ha\">");
        for (var i = 1; i < 30; i++)
        {
            bomb.Append($"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">");
        }

        bomb.Append($"]><{root}><host>&a29;</host></{root}>");

        Assert.Throws<ReportProblem>(() => AReport.OfText(bomb.ToString()).Survey());
    }

    [Theory]
    [InlineData("zap", "<OWASPZAPReport>", "<a>")]
    [InlineData("nmap", "<nmaprun>", "<host>")]
    [InlineData("sarif", "{\"runs\":", "[")]
    [InlineData("nuclei", "", "[")]
    [InlineData("nuclei", "{\"template-id\":\"t\",\"info\":", "{\"a\":")]
    [InlineData("testssl", "", "[")]
    public void Endless_nesting_is_refused(string format, string head, string piece)
    {
        var report = Endless(format, head, piece, 100_000);

        Assert.Throws<ReportProblem>(() => report.Survey());
    }

    [Theory]
    [InlineData("zap", "<OWASPZAPReport><site name=\"", "a")]
    [InlineData("zap", "<OWASPZAPReport><", "a")]
    [InlineData("zap", "<OWASPZAPReport><desc>", "a")]
    [InlineData("nmap", "<nmaprun><!--", "a")]
    [InlineData("nmap", "<!DOCTYPE nmaprun [", " ")]
    [InlineData("sarif", "{\"version\":\"", "a")]
    [InlineData("sarif", "{\"runs\":[{\"results\":[{\"a\":[", "1,")]
    [InlineData("nuclei", "{\"template-id\":\"", "a")]
    [InlineData("testssl", "\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\"\n\"", "a")]
    [InlineData("testssl", "\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\"\n", ",")]
    [InlineData("testssl", "[{\"id\":\"", "a")]
    public void A_line_of_a_gigabyte_is_refused_with_little_memory(string format, string head, string piece)
    {
        var report = Endless(format, head, piece, Gigabyte / piece.Length);
        // What this thread asked for in all, garbage too: other tests run beside it.
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ReportProblem>(() => report.Survey());

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024 * 1024);
    }

    [Theory]
    [InlineData("sarif", "{\"version\":\"2.0.0\",\"runs\":[]}")]
    [InlineData("sarif", "{\"version\":\"2.1.0\",\"runs\":[]} more")]
    [InlineData("sarif", "[]")]
    [InlineData("sarif", "")]
    [InlineData("zap", "")]
    [InlineData("zap", "<nmaprun/>")]
    [InlineData("nmap", "<nmaprun><host><ports><port/></ports></host></nmaprun>")]
    [InlineData("testssl", "")]
    [InlineData("testssl", "a,b\n1,2")]
    [InlineData("nuclei", "{\"info\":{}}")]
    [InlineData("nuclei", "3")]
    public void What_is_no_sound_report_is_refused(string format, string text)
    {
        Assert.Throws<ReportProblem>(() => AReport.OfText(text, format).Survey());
    }

    [Fact]
    public void A_problem_says_where_it_is()
    {
        var lines = File.ReadAllText(AReport.Fixture("shop-nuclei.jsonl")) + "{\"template-id\":}\n";

        var problem = Assert.Throws<ReportProblem>(() => AReport.OfText(lines).Survey());

        Assert.Equal(4, problem.Position.Line);
        Assert.Equal(3, problem.Position.RecordsBefore);
    }

    [Theory]
    [InlineData("shop-zap.xml")]
    [InlineData("shop-nmap.xml")]
    public void Xml_in_UTF_16_is_read(string name)
    {
        var text = File.ReadAllText(AReport.Fixture(name));
        var declaration = text.IndexOf("<?xml", StringComparison.Ordinal);
        text = text[declaration..].Replace(" encoding=\"UTF-8\"", string.Empty, StringComparison.Ordinal);
        byte[] bytes = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)];

        Assert.Equal(AReport.Of(name).Occurrences().Count, AReport.OfBytes(bytes).Occurrences().Count);
    }

    [Theory]
    [InlineData("shop.sarif")]
    [InlineData("shop-testssl.csv")]
    [InlineData("shop-nuclei.jsonl")]
    [InlineData("shop-nmap.xml")]
    public void A_byte_order_mark_is_skipped(string name)
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. File.ReadAllBytes(AReport.Fixture(name))];

        Assert.Equal(AReport.Of(name).Occurrences().Count, AReport.OfBytes(bytes).Occurrences().Count);
    }

    [Fact]
    public void Json_in_UTF_16_is_refused_with_advice()
    {
        byte[] bytes = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{\"runs\":[]}")];

        var problem = Assert.Throws<ReportProblem>(() => AReport.OfBytes(bytes, "sarif").Survey());

        Assert.Contains("UTF-8", problem.Message, StringComparison.Ordinal);
    }

    private static Report Endless(string format, string head, string piece, long times) =>
        AReport.OfStream(
            () => new GeneratedStream(Encoding.UTF8.GetBytes(head), Encoding.UTF8.GetBytes(piece), times, []),
            format
        );
}
