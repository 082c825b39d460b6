using System.Text.Json;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>The first reading of a SARIF log: its runs' tools, rules and times; results are skipped.</summary>
internal sealed class SarifRuns
{
    private readonly List<SarifRun> _runs = [];
    private readonly TextBudget _texts = new();
    private readonly JsonTokens _tokens;
    private int _size;

    private SarifRuns(JsonTokens tokens) => _tokens = tokens;

    public static IReadOnlyList<SarifRun> Read(ReportSource source, string format)
    {
        using var tokens = new JsonTokens(source, format);
        var reading = new SarifRuns(tokens);
        string? version = null;
        foreach (var _ in SarifReader.RunsOf(tokens, value => version = value))
        {
            reading.ReadRun();
        }

        return version is null or "2.1.0"
            ? reading._runs
            : throw tokens.Problem(
                $"this is SARIF {PlainText.Name(version)}, not 2.1.0",
                "Let the tool write SARIF 2.1.0, or convert the report."
            );
    }

    private void ReadRun()
    {
        Count();
        var run = new SarifRun();
        _runs.Add(run);
        foreach (var name in _tokens.Names())
        {
            _tokens.ReadValue();
            switch (name)
            {
                case "tool" when _tokens.Type == JsonTokenType.StartObject:
                    ReadTool(run);
                    break;
                case "invocations" when _tokens.Type == JsonTokenType.StartArray:
                    ReadInvocations(run);
                    break;
                default:
                    _tokens.Skip();
                    break;
            }
        }
    }

    private void ReadTool(SarifRun run)
    {
        foreach (var name in _tokens.Names())
        {
            _tokens.ReadValue();
            if (name is "driver" && _tokens.Type == JsonTokenType.StartObject)
            {
                ReadComponent(run, SarifRun.Driver);
            }
            else if (name is "extensions" && _tokens.Type == JsonTokenType.StartArray)
            {
                var depth = _tokens.Depth;
                for (var component = 0; NextObject(depth); component++)
                {
                    ReadComponent(run, component);
                }
            }
            else
            {
                _tokens.Skip();
            }
        }
    }

    private void ReadComponent(SarifRun run, int component)
    {
        foreach (var name in _tokens.Names())
        {
            _tokens.ReadValue();
            if (component == SarifRun.Driver && name is "name")
            {
                run.ToolName = PlainText.Name(_tokens.Value);
            }
            else if (component == SarifRun.Driver && name is "version" or "semanticVersion")
            {
                run.Version = run.Version.Length == 0 ? PlainText.Name(_tokens.Value) : run.Version;
            }

            if (name is not "rules" || _tokens.Type != JsonTokenType.StartArray)
            {
                _tokens.Skip();
                continue;
            }

            var depth = _tokens.Depth;
            for (var index = 0; NextObject(depth); index++)
            {
                Count();
                using var record = _tokens.Record();
                run.Add(component, index, Rule(record.RootElement));
            }
        }
    }

    private void ReadInvocations(SarifRun run)
    {
        var depth = _tokens.Depth;
        while (NextObject(depth))
        {
            foreach (var name in _tokens.Names())
            {
                _tokens.ReadValue();
                switch (name)
                {
                    case "startTimeUtc":
                        run.Started ??= Times.Iso(_tokens.Value);
                        break;
                    case "endTimeUtc":
                        run.Ended = Times.Iso(_tokens.Value) ?? run.Ended;
                        break;
                    case "executionSuccessful":
                        run.Failed |= _tokens.Type == JsonTokenType.False;
                        break;
                    default:
                        break;
                }

                _tokens.Skip();
            }
        }
    }

    private SarifRule Rule(JsonElement rule)
    {
        var id = PlainText.Name(rule.Text("id"));
        var brief = PlainText.Name(rule.Path("shortDescription", "text").Text());
        var full = PlainText.Text(rule.Path("fullDescription", "text").Text());
        var help = PlainText.Text(rule.Path("help", "text").Text());
        var properties = rule.Field("properties");
        return new SarifRule(
            id,
            brief.Length > 0 ? brief : PlainText.Name(rule.AnyText("name", "id")),
            _texts.Take(full.Length > 0 ? full : brief),
            _texts.Take(help)
        )
        {
            Level = rule.Path("defaultConfiguration", "level").Text(),
            SecuritySeverity = properties.Text("security-severity"),
            Cwes = Cwes.In([
                .. properties.Field("tags").Texts(),
                .. properties.Field("cwe").Texts(),
                .. rule.Field("relationships").Items().Select(TaxonOf),
            ]),
            HelpUri = PlainText.Name(rule.Text("helpUri")),
        };
    }

    /// <summary>Relationships name a taxon of the CWE taxonomy by its number alone.</summary>
    private static string? TaxonOf(JsonElement relationship)
    {
        var target = relationship.Field("target");
        var taxonomy = target.Path("toolComponent", "name").Text();
        return string.Equals(taxonomy, "CWE", StringComparison.OrdinalIgnoreCase) ? $"CWE-{target.Text("id")}" : null;
    }

    private bool NextObject(int depth)
    {
        if (!_tokens.NextItem(depth))
        {
            return false;
        }

        return _tokens.Type == JsonTokenType.StartObject
            ? true
            : throw _tokens.Problem("an object was expected here", "The report is damaged.");
    }

    private void Count()
    {
        if (++_size > ReportLimits.Findings)
        {
            throw _tokens.Problem(
                $"more than {ReportLimits.Findings} runs and rules",
                "No tool has so many: the file is damaged or not a scanner's."
            );
        }
    }
}
