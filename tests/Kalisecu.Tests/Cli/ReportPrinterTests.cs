using Google.Protobuf.WellKnownTypes;
using Kalisecu.Cli;
using Kalisecu.Cli.Commands;
using Kalisecu.Reports.V1;

namespace Kalisecu.Tests.Cli;

public sealed class ReportPrinterTests
{
    [Fact]
    public void A_report_reads_from_its_title_to_its_observations()
    {
        var text = Printed(
            Header(ReportLanguage.Fr),
            new ReportEntry
            {
                Finding = new ReportedFinding
                {
                    Check = "http.header.hsts.missing",
                    Severity = ReportSeverity.Medium,
                    Title = "HSTS absent",
                    Description = "Le navigateur accepte http.",
                    Recommendation = "Envoyer Strict-Transport-Security.",
                    CweNumbers = { 319 },
                    Tools = { "testssl" },
                    OccurrenceCount = 1,
                },
            },
            new ReportEntry { Occurrence = new ReportedOccurrence { Place = "tls://boutique.example:443" } },
            new ReportEntry
            {
                Observation = new ReportedObservation
                {
                    Kind = "tls.protocol",
                    Place = "boutique.example:443",
                    Value = "TLSv1.2 offered",
                },
            }
        );

        Assert.Equal(
            """
             Audit de novembre
             Boulangerie Martin · La boutique · https://boutique.example/
             État au 24 novembre 2026, 09:00 · version 3, publié le 24 novembre 2026, 09:00
             Empreinte SHA-256 00ff
             Critique 0   Élevée 0   Moyenne 1   Faible 0   Info 0   1 endroits, 1 observations
             1. HSTS absent
                http.header.hsts.missing · CWE-319 · testssl
                Le navigateur accepte http.
                Que faire : Envoyer Strict-Transport-Security.
                  • tls://boutique.example:443
             tls.protocol
                boutique.example:443  TLSv1.2 offered
            """,
            WithoutRules(text)
        );
    }

    [Fact]
    public void Many_places_are_counted_and_not_shown()
    {
        var places = Enumerable
            .Range(1, 25)
            .Select(i => new ReportEntry { Occurrence = new ReportedOccurrence { Place = $"/{i}" } });

        var text = Printed([Header(ReportLanguage.En), AFinding("A"), .. places, AFinding("B")]);

        Assert.Contains("… 15 more places", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/11", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_website_cannot_command_the_terminal()
    {
        var text = Printed(Header(ReportLanguage.En), AFinding("\u001b]0;owned\u0007 \u202Eevil"));

        Assert.Contains("\uFFFD]0;owned\uFFFD \uFFFDevil", text, StringComparison.Ordinal);
    }

    private static ReportEntry AFinding(string title) =>
        new()
        {
            Finding = new ReportedFinding
            {
                Title = title,
                Check = "x",
                Severity = ReportSeverity.Low,
            },
        };

    private static ReportEntry Header(ReportLanguage language)
    {
        var moment = new DateTime(2026, 11, 24, 8, 0, 0, DateTimeKind.Utc).ToTimestamp();
        return new ReportEntry
        {
            Header = new ReportHeader
            {
                TenantDisplayName = "Boulangerie Martin",
                SiteDisplayName = "La boutique",
                SiteUrl = "https://boutique.example/",
                Report = new Report
                {
                    Title = "Audit de novembre",
                    Language = language,
                    MomentTime = moment,
                    PublishTime = moment,
                    Version = 3,
                    Digest = Google.Protobuf.ByteString.CopyFrom(0, 255),
                    Counts = new ReportCounts
                    {
                        Medium = 1,
                        OccurrenceCount = 1,
                        ObservationCount = 1,
                    },
                },
            },
        };
    }

    private static string Printed(params ReportEntry[] entries)
    {
        using var results = new StringWriter();
        var printer = new ReportPrinter(new Output(json: false, results, TextWriter.Null).Console, all: false);
        foreach (var entry in entries)
        {
            printer.Print(entry);
        }

        printer.End();
        return results.ToString();
    }

    private static string WithoutRules(string text) =>
        string.Join(
            '\n',
            text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && !IsRule(line))
        );

    private static bool IsRule(string line) => line[^1] is '─' or '═' or '-' or '=';
}
