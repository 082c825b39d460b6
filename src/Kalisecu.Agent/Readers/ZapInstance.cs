using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>One <c>instance</c>: a request that showed the alert.</summary>
internal static class ZapInstance
{
    public static ReportedOccurrence Read(XmlNodes nodes, string check)
    {
        var fields = nodes.IsEmpty ? [] : Fields(nodes);
        var url = fields.GetValueOrDefault("uri", string.Empty);
        var attack = fields.GetValueOrDefault("attack");
        return new ReportedOccurrence(
            check,
            Place.Http(fields.GetValueOrDefault("method"), url, fields.GetValueOrDefault("param"))
        )
        {
            Detail = PlainText.FromHtml(fields.GetValueOrDefault("otherinfo")),
            Exchange = Exchange.Of(
                fields.TryGetValue("requestheader", out var header)
                    ? header
                    : $"{fields.GetValueOrDefault("method")} {url}",
                fields.GetValueOrDefault("requestbody"),
                fields.GetValueOrDefault("responseheader"),
                fields.GetValueOrDefault("responsebody"),
                string.IsNullOrEmpty(attack) ? null : $"Attack: {attack}",
                fields.GetValueOrDefault("evidence")
            ),
        };
    }

    private static Dictionary<string, string> Fields(XmlNodes nodes)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (nodes.Read() && !(nodes.IsEnd && nodes.Name is "instance"))
        {
            if (
                nodes.IsStart
                && nodes.Name
                    is "uri"
                        or "method"
                        or "param"
                        or "attack"
                        or "evidence"
                        or "otherinfo"
                        or "requestheader"
                        or "requestbody"
                        or "responseheader"
                        or "responsebody"
            )
            {
                var name = nodes.Name;
                fields[name] = nodes.Text(ReportLimits.ExchangeBytes);
            }
        }

        return fields;
    }
}
