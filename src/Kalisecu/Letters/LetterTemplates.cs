using System.Collections.Frozen;
using Kalisecu.Outbox;
using Stubble.Core;
using Stubble.Core.Builders;
using Stubble.Core.Loaders;
using Stubble.Core.Settings;

namespace Kalisecu.Letters;

/// <summary>
/// Letters from embedded templates, <c>Templates/NAME.LANGUAGE.mustache</c>: the first line is the subject, the rest the
/// text. Templates hold no code; a value is data, whatever is written in it; a missing value is a fault. Every letter ends
/// with the controller (clause CTRL-1); those with <c>{{> complaint}}</c> name the CNIL (clause RIGHT-8).
/// </summary>
internal sealed class LetterTemplates
{
    private const string Prefix = "Letters/";
    private const string Ending = ".mustache";

    private static readonly RenderSettings AsText = new()
    {
        SkipHtmlEncoding = true,
        ThrowOnDataMiss = true,
        SkipRecursiveLookup = false,
    };

    private static readonly FrozenDictionary<string, string> Texts = ReadEmbedded();

    private readonly FrozenDictionary<Language, StubbleVisitorRenderer> _renderers;
    private readonly Dictionary<string, object?> _controller;

    public LetterTemplates(ControllerProfile controller)
    {
        _renderers = Enum.GetValues<Language>().ToFrozenDictionary(language => language, Renderer);
        _controller = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["name"] = controller.Name,
            ["brand"] = controller.Brand,
            ["address"] = controller.PostalAddress,
            ["siren"] = controller.SirenInGroups,
            ["email"] = controller.Email,
        };
    }

    /// <summary>The names of all letters, without their languages.</summary>
    public static IReadOnlySet<string> Names { get; } =
        Texts
            .Keys.Where(name => !name.StartsWith('_'))
            .Select(name => name[..name.LastIndexOf('.')])
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Writes a letter.</summary>
    /// <param name="values">Texts, numbers, truth values, dates and moments (written in the language's words), lists of texts or
    /// of such dictionaries.</param>
    public LetterText Render(string name, Language language, IReadOnlyDictionary<string, object?> values)
    {
        var shown = WithFacts(LetterValues.Of(values, language));
        var template = Texts[Key(name, language)];
        var end = template.IndexOf('\n', StringComparison.Ordinal);
        var renderer = _renderers[language];
        var subject = LetterValues.OneLine(renderer.Render(template[..end], shown, AsText));
        var body = renderer.Render(template[(end + 1)..].Trim('\n') + "\n\n{{> closing}}", shown, AsText).Trim() + "\n";
        return new LetterText(subject, body, LetterHtml.Of(subject, body, language));
    }

    /// <summary>What stands below every letter (clause CTRL-1).</summary>
    public string Closing(Language language) => Part("closing", language);

    /// <summary>What letters say of the CNIL (clause RIGHT-8).</summary>
    public string Complaint(Language language) => Part("complaint", language);

    /// <summary>Whether a letter says it.</summary>
    public static bool HasComplaint(string name, Language language) =>
        Texts[Key(name, language)].Contains("{{> complaint}}", StringComparison.Ordinal);

    private string Part(string name, Language language) =>
        _renderers[language].Render($"{{{{> {name}}}}}", WithFacts([]), AsText);

    private Dictionary<string, object?> WithFacts(Dictionary<string, object?> shown)
    {
        shown["controller"] = _controller;
        shown["authority"] = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["name"] = SupervisoryAuthority.Name,
            ["address"] = SupervisoryAuthority.Address,
            ["website"] = SupervisoryAuthority.Website,
        };
        return shown;
    }

    private static StubbleVisitorRenderer Renderer(Language language)
    {
        var ending = Key("", language);
        var parts = Texts
            .Where(t => t.Key.StartsWith('_') && t.Key.EndsWith(ending, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[1..^ending.Length], t => t.Value, StringComparer.Ordinal);
        return new StubbleBuilder()
            .Configure(settings => settings.SetPartialTemplateLoader(new DictionaryLoader(parts)))
            .Build();
    }

    private static string Key(string name, Language language) =>
        language switch
        {
            Language.Fr => name + ".fr",
            Language.En => name + ".en",
            _ => throw new InvalidOperationException($"No language: {language}"),
        };

    private static FrozenDictionary<string, string> ReadEmbedded()
    {
        var assembly = typeof(LetterTemplates).Assembly;
        return assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(
                name => name[Prefix.Length..^Ending.Length],
                name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return reader.ReadToEnd().ReplaceLineEndings("\n");
                },
                StringComparer.Ordinal
            );
    }
}
