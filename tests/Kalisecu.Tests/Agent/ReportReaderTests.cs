using System.Text;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;
using Kalisecu.Tenants;
using NodaTime;

namespace Kalisecu.Tests.Agent;

public sealed class ReportReaderTests
{
    [Theory]
    [InlineData("shop.sarif", "sarif", 4)]
    [InlineData("shop-zap.xml", "zap", 4)]
    [InlineData("shop-nuclei.jsonl", "nuclei", 3)]
    [InlineData("shop-testssl.csv", "testssl", 5)]
    [InlineData("shop-testssl.json", "testssl", 2)]
    [InlineData("shop-testssl-pretty.json", "testssl", 3)]
    [InlineData("shop-nmap.xml", "nmap", 4)]
    public void A_format_is_told_from_the_content_and_every_raw_record_is_kept(string file, string format, int records)
    {
        var report = AReport.OfBytes(File.ReadAllBytes(AReport.Fixture(file)));

        Assert.Equal(format, report.Format);
        Assert.Equal(records, report.Occurrences().Count);
    }

    [Fact]
    public void A_SARIF_rule_behind_the_results_still_gives_them_level_and_text()
    {
        var finding = AReport.Of("shop.sarif").Survey().Findings["shop-lint:js/eval"];

        Assert.Equal(Severity.High, finding.Severity);
        Assert.Equal("Code from a request", finding.Title);
        Assert.Equal("Do not call eval.", finding.Recommendation);
        Assert.Equal([95], finding.Cwes);
    }

    [Fact]
    public void A_SARIF_result_without_level_and_rule_is_a_warning()
    {
        Assert.Equal(Severity.Medium, AReport.Of("shop.sarif").Survey().Findings["shop-lint:js/no-rule"].Severity);
    }

    [Fact]
    public void A_suppressed_SARIF_result_is_kept_and_marked()
    {
        var occurrences = AReport.Of("shop.sarif").Occurrences();

        Assert.Equal([false, true, false, false], occurrences.Select(occurrence => occurrence.Suppressed));
        Assert.Equal("src/pay.js:12 #2", occurrences[1].Place);
    }

    [Fact]
    public void A_SARIF_result_that_passed_is_an_observation()
    {
        Assert.Equal(SubjectKind.Observation, AReport.Of("shop.sarif").Occurrences()[3].Of);
    }

    [Fact]
    public void Html_of_ZAP_becomes_plain_text()
    {
        var finding = AReport.Of("shop-zap.xml").Survey().Findings["http.header.csp.missing"];

        Assert.Equal("A page without CSP & co.\nSecond paragraph.", finding.Description);
        Assert.Equal(["https://example.org/csp", "https://example.org/more"], finding.References);
    }

    [Fact]
    public void Zap_text_that_only_looks_like_markup_stays()
    {
        Assert.Equal("Plain text with a < b.", AReport.Of("shop-zap.xml").Survey().Findings["zap:10109"].Description);
    }

    [Theory]
    [InlineData("ssl", "Other.Example.fr:8443", "", "other.example.fr:8443/tcp")]
    [InlineData("tcp", "[2001:db8::1]:22", "", "[2001:db8::1]:22/tcp")]
    [InlineData("tcp", "tcp://other.example.fr:22", "", "other.example.fr:22/tcp")]
    [InlineData("tcp", "other.example.fr", "21", "other.example.fr:21/tcp")]
    [InlineData("dns", "other.example.fr", "", "other.example.fr:53/udp")]
    [InlineData("whois", "other.example.fr", "", "other.example.fr:0/tcp")]
    public void What_Nuclei_found_on_a_bare_host_is_a_port_which_the_scope_judges(
        string type,
        string matched,
        string port,
        string place
    )
    {
        var report = AReport.OfText(
            $$"""{"template-id":"x","info":{"name":"X","severity":"high"},"type":"{{type}}","matched-at":"{{matched}}","port":"{{port}}"}""",
            "nuclei"
        );

        var occurrence = Assert.Single(report.Occurrences());

        Assert.Equal(place, occurrence.Place);
        Assert.False(new AuthorisedScope(["https://www.example.fr"]).Covers(Encoding.UTF8.GetBytes(place)));
    }

    [Fact]
    public void Credentials_of_an_exchange_are_masked()
    {
        var exchange = Encoding.UTF8.GetString(AReport.Of("shop-nuclei.jsonl").Occurrences()[0].Exchange.Span);

        Assert.DoesNotContain("not-a-real", exchange, StringComparison.Ordinal);
        Assert.Contains("Cookie: sid=[masked]; lang=[masked]", exchange, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: sid=[masked]; Secure", exchange, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Nuclei_info_match_is_a_finding_only_where_the_catalogue_knows_it()
    {
        var survey = AReport.Of("shop-nuclei.jsonl").Survey();

        Assert.Equal(["http.header.x_frame_options.missing", "nuclei:CVE-2021-44228"], survey.Findings.Keys);
        Assert.Equal(1, survey.ObservationCount);
        Assert.Equal(Instant.FromUtc(2026, 1, 5, 9, 2), survey.Started);
    }

    [Fact]
    public void A_Nuclei_array_says_the_same_as_its_lines()
    {
        var lines = File.ReadAllLines(AReport.Fixture("shop-nuclei.jsonl"));
        var array = AReport.OfText($"[{string.Join(',', lines)}]");

        Assert.Equal(
            AReport.Of("shop-nuclei.jsonl").Occurrences().Select(o => o.OccurrenceId),
            array.Occurrences().Select(o => o.OccurrenceId)
        );
    }

    [Fact]
    public void A_testssl_warning_is_an_observation_and_no_visit()
    {
        var survey = AReport.Of("shop-testssl.csv").Survey();

        Assert.Equal(["tls.protocol.ssl3", "tls.vuln.drown"], survey.Findings.Keys);
        Assert.Equal(2, survey.ObservationCount);
        Assert.DoesNotContain("shop.test:443 BREACH", survey.Coverage.Resources);
        Assert.Contains("shop.test:443 DROWN", survey.Coverage.Resources);
    }

    [Fact]
    public void All_forms_of_testssl_name_a_weakness_alike()
    {
        var csv = AReport.Of("shop-testssl.csv").Occurrences()[0];

        Assert.Equal(csv.OccurrenceId, AReport.Of("shop-testssl.json").Occurrences()[0].OccurrenceId);
        Assert.Equal(csv.OccurrenceId, AReport.Of("shop-testssl-pretty.json").Occurrences()[0].OccurrenceId);
    }

    [Fact]
    public void Ports_are_observations_and_a_vulnerable_script_is_a_finding()
    {
        var report = AReport.Of("shop-nmap.xml");
        var kinds = report.Records().OfType<ReportedObservation>().Select(o => $"{o.Kind} {o.Place.Text}");

        Assert.Equal(
            ["port.open shop.test:80/tcp", "port.closed shop.test:81/tcp", "port.open shop.test:443/tcp"],
            kinds
        );
        Assert.Equal("tls.vuln.heartbleed", Assert.Single(report.Survey().Findings).Key);
    }

    [Fact]
    public void Every_port_that_Nmap_tried_is_visited()
    {
        var coverage = AReport.Of("shop-nmap.xml").Survey().Coverage;

        Assert.Equal(CoverageExtent.Listed, coverage.Extent);
        Assert.Contains("shop.test:22/tcp", coverage.Resources);
        Assert.DoesNotContain("shop.test:23/tcp", coverage.Resources);
        Assert.Equal(["shop.test"], coverage.Hosts);
    }

    [Theory]
    [InlineData("clean.jsonl", null)]
    [InlineData("clean.json", null)]
    [InlineData("clean", "nuclei")]
    public void An_empty_file_of_Nuclei_is_a_clean_scan(string name, string? format)
    {
        Assert.Empty(AReport.OfText(string.Empty, format, name).Occurrences());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Nothing of ours")]
    [InlineData("{\"a\":1}")]
    [InlineData("<html/>")]
    public void An_unknown_content_is_refused_with_the_formats_that_are_known(string text)
    {
        var problem = Assert.Throws<ReportProblem>(() => AReport.OfText(text));

        Assert.Contains("--format", problem.Message, StringComparison.Ordinal);
    }
}
