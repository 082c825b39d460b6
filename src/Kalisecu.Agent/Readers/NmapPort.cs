using System.Globalization;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>One <c>port</c> with its state, service and scripts.</summary>
internal static class NmapPort
{
    public static IEnumerable<ReportRecord> Read(XmlNodes nodes, NmapHost host, CheckCatalogue catalogue)
    {
        var place = Place.Port(host.Name, Number(nodes), nodes.Attribute("protocol") ?? "tcp");
        var state = "unknown";
        var service = string.Empty;
        var scripts = new NmapScript.Outcome([], string.Empty);
        var depth = nodes.Depth;
        var isEmpty = nodes.IsEmpty;
        while (!isEmpty && nodes.Read() && nodes.Depth > depth)
        {
            if (!nodes.IsStart)
            {
                continue;
            }

            switch (nodes.Name)
            {
                case "state":
                    state = PlainText.Name(nodes.Attribute("state")).ToLowerInvariant();
                    break;
                case "service":
                    service = Service(nodes);
                    break;
                case "script":
                    scripts = scripts.And(NmapScript.Read(nodes, place, catalogue));
                    break;
                default:
                    break;
            }
        }

        return
        [
            new ReportedVisit(host.Name, place.Resource),
            new ReportedObservation($"port.{Kind(state)}", place, $"Port {Number(place)} is {state}", service)
            {
                Exchange = Exchange.Of($"{host.Address} {place.Text} {state} {service}".Trim(), scripts.Output),
            },
            .. scripts.Records,
        ];
    }

    private static string Number(Place place) => place.Text[(place.Text.LastIndexOf(':') + 1)..];

    private static int Number(XmlNodes nodes) =>
        int.TryParse(nodes.Attribute("portid"), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw nodes.Problem("a port has no number (portid)", "The report is damaged.");

    // Nmap also says open|filtered: it could not tell.
    private static string Kind(string state) => state is "open" or "closed" or "filtered" ? state : "uncertain";

    private static string Service(XmlNodes nodes)
    {
        string?[] parts = [nodes.Attribute("name"), nodes.Attribute("product"), nodes.Attribute("version")];
        return PlainText.Name(string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part))));
    }
}
