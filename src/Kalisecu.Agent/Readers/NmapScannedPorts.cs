using System.Collections;
using System.Globalization;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>The ports that Nmap was asked to try, as it lists them: <c>1,3-4,6</c>.</summary>
internal sealed class NmapScannedPorts
{
    private const int Ports = 65_536;

    // The default list has about 350 ranges; more than this only costs time.
    private const int Ranges = 5_000;

    private static readonly string[] Protocols = ["tcp", "udp", "sctp", "ip"];

    private readonly Dictionary<string, BitArray> _ports = new(StringComparer.Ordinal);
    private int _visitsLeft = ReportLimits.Visits;

    public void Add(string? protocol, string? services)
    {
        if (!Protocols.Contains(protocol, StringComparer.Ordinal))
        {
            return;
        }

        if (!_ports.TryGetValue(protocol!, out var ports))
        {
            _ports[protocol!] = ports = new BitArray(Ports);
        }

        foreach (var part in (services ?? string.Empty).Split(',').Take(Ranges))
        {
            var ends = part.Split('-', 2);
            if (Port(ends[0]) is { } first && Port(ends[^1]) is { } last)
            {
                Set(ports, first, last);
            }
        }
    }

    /// <summary>A host's visited ports, until the report has named as many as a survey would keep.</summary>
    public IEnumerable<string> TakeVisits(string host)
    {
        foreach (var (protocol, ports) in _ports)
        {
            for (var port = 0; port < Ports && _visitsLeft > 0; port++)
            {
                if (ports[port])
                {
                    _visitsLeft--;
                    yield return Place.Port(host, port, protocol).Resource;
                }
            }
        }
    }

    private static void Set(BitArray ports, int first, int last)
    {
        for (var port = first; port <= last; port++)
        {
            ports[port] = true;
        }
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port < Ports ? port : null;
}
