using System.Globalization;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// Nmap's XML. A raw instance is a <c>port</c>, an observed fact; scripts of the <c>vuln</c> library that say
/// VULNERABLE add findings.
/// </summary>
internal sealed class NmapReader(CheckCatalogue catalogue) : IReportReader
{
    private const string Tool = "nmap";
    private const string Root = "nmaprun";

    public string Format => "nmap";

    /// <summary>The ports asked for are listed in <c>scaninfo</c>, so each host's visited ports are known.</summary>
    public CoverageExtent Extent => CoverageExtent.Listed;

    public bool Recognises(ReportHead head) => string.Equals(head.Xml.Root, Root, StringComparison.Ordinal);

    public IEnumerable<ReportRecord> Read(ReportSource source)
    {
        using var nodes = new XmlNodes(source, Format);
        nodes.ReadRoot(Root);
        yield return new ReportedScan(
            Tool,
            PlainText.Name(nodes.Attribute("version")),
            Times.UnixSeconds(nodes.Attribute("start")),
            Ended: null
        );

        var scanned = new NmapScannedPorts();
        var host = new NmapHost();
        while (nodes.Read())
        {
            if (!nodes.IsStart)
            {
                continue;
            }

            switch (nodes.Name)
            {
                case "scaninfo":
                    scanned.Add(nodes.Attribute("protocol"), nodes.Attribute("services"));
                    break;
                case "host":
                    host = new NmapHost();
                    break;
                case "status":
                case "address":
                case "hostname":
                    host.Take(nodes);
                    break;
                case "ports":
                    foreach (var resource in scanned.TakeVisits(host.Name))
                    {
                        yield return new ReportedVisit(host.Name, resource);
                    }

                    break;
                case "port":
                    foreach (var record in NmapPort.Read(nodes, host, catalogue))
                    {
                        yield return record;
                    }

                    nodes.RecordsRead++;
                    break;
                case "hostscript":
                    foreach (
                        var record in NmapScript.ReadAll(nodes, "hostscript", Place.Of(host.Name), catalogue).Records
                    )
                    {
                        yield return record;
                    }

                    break;
                case "finished":
                    yield return new ReportedScan(Tool, "", Started: null, Times.UnixSeconds(nodes.Attribute("time")));
                    if (nodes.Attribute("exit") is "error")
                    {
                        yield return new ReportedGap(PlainText.Name(nodes.Attribute("errormsg") ?? "Nmap ended early"));
                    }

                    break;
                default:
                    break;
            }
        }
    }
}

/// <summary>A host's name: the one that was asked for, else its address. Reverse names change with the provider.</summary>
internal sealed class NmapHost
{
    private string? _address;
    private string? _asked;

    public string Name => _asked ?? _address ?? string.Empty;

    public string Address => _address ?? string.Empty;

    public void Take(XmlNodes nodes)
    {
        if (nodes.Name is "address" && nodes.Attribute("addrtype") is not "mac")
        {
            _address ??= PlainText.Name(nodes.Attribute("addr"));
        }
        else if (nodes.Name is "hostname" && nodes.Attribute("type") is "user")
        {
            _asked ??= PlainText.Name(nodes.Attribute("name")).ToLowerInvariant();
        }
    }
}
