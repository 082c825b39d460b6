using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// One <c>script</c>. Scripts print what they like; only the <c>vulns</c> library says in a fixed way that something is
/// vulnerable: <c>&lt;elem key="state"&gt;VULNERABLE&lt;/elem&gt;</c>. All other output is kept as evidence of the port.
/// </summary>
internal static class NmapScript
{
    /// <summary>Every script below an element that holds nothing else.</summary>
    public static Outcome ReadAll(XmlNodes nodes, string holder, Place place, CheckCatalogue catalogue)
    {
        var outcome = new Outcome([], string.Empty);
        var isEmpty = nodes.IsEmpty;
        while (
            !isEmpty && nodes.Read() && !(nodes.IsEnd && string.Equals(nodes.Name, holder, StringComparison.Ordinal))
        )
        {
            if (nodes.IsStart && nodes.Name is "script")
            {
                outcome = outcome.And(Read(nodes, place, catalogue));
            }
        }

        return outcome;
    }

    public static Outcome Read(XmlNodes nodes, Place place, CheckCatalogue catalogue)
    {
        var rule = PlainText.Name(nodes.Attribute("id"));
        var output = PlainText.Text(nodes.Attribute("output"));
        var title = rule;
        var isVulnerable = false;
        var depth = nodes.Depth;
        var isEmpty = nodes.IsEmpty;
        while (!isEmpty && nodes.Read() && nodes.Depth > depth)
        {
            if (!nodes.IsStart || nodes.Name is not "elem")
            {
                continue;
            }

            var key = nodes.Attribute("key");
            var text = nodes.Text(ReportLimits.NameLength);
            title = key is "title" ? PlainText.Name(text) : title;
            isVulnerable |=
                key is "state"
                && (
                    text.StartsWith("VULNERABLE", StringComparison.Ordinal)
                    || text.StartsWith("LIKELY VULNERABLE", StringComparison.Ordinal)
                );
        }

        return new Outcome(isVulnerable ? Weakness(rule, title, output, place, catalogue) : [], $"{rule}: {output}");
    }

    private static ReportRecord[] Weakness(
        string rule,
        string title,
        string output,
        Place place,
        CheckCatalogue catalogue
    )
    {
        var check = catalogue.CheckOf("nmap", rule);
        return
        [
            new ReportedFinding(check, "nmap", rule, Severity.High, title) { Cwes = Cwes.In(output) },
            new ReportedOccurrence(check, place) { Detail = output, Exchange = Exchange.Of(output) },
        ];
    }

    internal sealed record Outcome(IReadOnlyList<ReportRecord> Records, string Output)
    {
        public Outcome And(Outcome other) =>
            new(
                [.. Records.Take(ReportLimits.ListLength), .. other.Records],
                PlainText.Limit($"{Output}\n{other.Output}".Trim(), ReportLimits.TextLength)
            );
    }
}
