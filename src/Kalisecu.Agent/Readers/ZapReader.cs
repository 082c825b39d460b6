using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>OWASP ZAP's XML report (traditional and plus). A raw instance is an <c>instance</c>.</summary>
internal sealed class ZapReader(CheckCatalogue catalogue) : IReportReader
{
    private const string Tool = "zap";
    private const string Root = "OWASPZAPReport";

    public string Format => "zap";

    /// <summary>ZAP lists only addresses that have an alert: whatever is not listed was perhaps never visited.</summary>
    public CoverageExtent Extent => CoverageExtent.Listed;

    public bool Recognises(ReportHead head) => string.Equals(head.Xml.Root, Root, StringComparison.Ordinal);

    public IEnumerable<ReportRecord> Read(ReportSource source)
    {
        using var nodes = new XmlNodes(source, Format);
        nodes.ReadRoot(Root);
        yield return new ReportedScan(
            Tool,
            PlainText.Name(nodes.Attribute("version")),
            Started: null,
            Times.Iso(nodes.Attribute("created"))
        );

        var host = string.Empty;
        var alert = new ZapAlert(catalogue);
        while (nodes.Read())
        {
            if (nodes.IsEnd && nodes.Name is "alertitem" && alert.HasContent)
            {
                yield return alert.Finding();
            }

            if (!nodes.IsStart)
            {
                continue;
            }

            switch (nodes.Name)
            {
                case "site":
                    host = CanonicalUrl.Host(nodes.Attribute("name")) ?? nodes.Attribute("host") ?? string.Empty;
                    if (nodes.Attribute("name") is { Length: > 0 } site)
                    {
                        yield return new ReportedVisit(host, Place.Http(method: null, site).Resource);
                    }

                    break;
                case "alertitem":
                    alert = new ZapAlert(catalogue);
                    break;
                case "instance":
                    var occurrence = ZapInstance.Read(nodes, alert.Check);
                    nodes.RecordsRead++;
                    yield return occurrence;
                    yield return new ReportedVisit(HostOf(occurrence.Place, host), occurrence.Place.Resource);
                    break;
                default:
                    alert.Take(nodes);
                    break;
            }
        }
    }

    private static string HostOf(Place place, string site) => CanonicalUrl.Host(place.Resource) ?? site;
}
