using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>The fields of an <c>alertitem</c>, which stand partly before and partly behind its instances.</summary>
internal sealed class ZapAlert(CheckCatalogue catalogue)
{
    // Ids that several scripts share: there only the alert's name tells which weakness is meant.
    private static readonly string[] ScriptIds = ["50000", "50001"];
    private const int FirstScriptId = 100_000;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    public bool HasContent => _fields.Count > 0;

    public string Check => catalogue.CheckOf("zap", Rule, Field("pluginid"));

    private string Name => Field("name") is { Length: > 0 } name ? name : Field("alert");

    /// <summary>A reference such as 10055-4 tells variants of a plugin apart; else the plugin's id is the rule.</summary>
    private string Rule
    {
        get
        {
            var plugin = Field("pluginid");
            if (plugin.Length == 0)
            {
                return PlainText.Slug(Name);
            }

            if (ScriptIds.Contains(plugin, StringComparer.Ordinal) || IsScript(plugin))
            {
                return $"{plugin}-{PlainText.Slug(Name)}";
            }

            var reference = Field("alertRef");
            return reference.StartsWith(plugin + "-", StringComparison.Ordinal) ? reference : plugin;
        }
    }

    /// <summary>Takes the field at which the nodes stand, when it is one of an alert.</summary>
    public void Take(XmlNodes nodes)
    {
        var name = nodes.Name;
        if (
            name
            is "pluginid"
                or "alertRef"
                or "alert"
                or "name"
                or "riskcode"
                or "desc"
                or "solution"
                or "reference"
                or "cweid"
        )
        {
            _fields[name] = nodes.Text();
        }
    }

    public ReportedFinding Finding() =>
        new(Check, "zap", Rule, Risk(), PlainText.Name(Name))
        {
            Description = PlainText.FromHtml(Field("desc")),
            Recommendation = PlainText.FromHtml(Field("solution")),
            Cwes = Cwes.Plain(Field("cweid")),
            References =
            [
                .. PlainText
                    .FromHtml(Field("reference"))
                    .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(PlainText.Name)
                    .Take(ReportLimits.ListLength),
            ],
        };

    private static bool IsScript(string plugin) => int.TryParse(plugin, out var id) && id >= FirstScriptId;

    // ZAP's riskcode: 0 informational, 1 low, 2 medium, 3 high; it has no critical.
    private Severity Risk() =>
        Field("riskcode") switch
        {
            "1" => Severity.Low,
            "2" => Severity.Medium,
            "3" => Severity.High,
            _ => Severity.Info,
        };

    private string Field(string name) => _fields.TryGetValue(name, out var value) ? value.Trim() : string.Empty;
}
