using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Kalisecu.Outbox;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Kalisecu.Policies;

/// <summary>
/// A policy as a page: Markdown in a fixed frame. HTML in the text stays text, images are left out and links lead only to web
/// pages, mail addresses and places in the page, so that whoever opens it meets nobody else (clause DATA-1).
/// </summary>
internal static class PolicyHtml
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .Build();

    private static readonly string[] Allowed = ["https://", "http://", "mailto:", "#"];

    public static string Of(string title, string markdown, Language language)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        Tame(document);
        var body = document.ToHtml(Pipeline);
        return new StringBuilder()
            .Append("<!DOCTYPE html>\n<html lang=\"")
            .Append(language is Language.Fr ? "fr" : "en")
            .Append("\">\n<head><meta charset=\"utf-8\"><title>")
            .Append(Encoder.Encode(title))
            .Append("</title></head>\n<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 46em\">\n")
            .Append(body)
            .Append("</body>\n</html>\n")
            .ToString();
    }

    /// <summary>Whether a text says what could not be shown as it is written.</summary>
    public static bool IsTame(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        return document.Descendants<LinkInline>().All(l => !l.IsImage && IsAllowed(l.Url))
            && document.Descendants<AutolinkInline>().All(l => l.IsEmail || IsAllowed(l.Url));
    }

    // Drafts are refused that hold such things; what came another way is shown without them.
    private static void Tame(MarkdownDocument document)
    {
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage)
            {
                link.Remove();
            }
            else if (!IsAllowed(link.Url))
            {
                link.Url = "";
            }
        }

        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            if (!link.IsEmail && !IsAllowed(link.Url))
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
        }
    }

    private static bool IsAllowed(string? url) =>
        url is not null && Allowed.Any(a => url.StartsWith(a, StringComparison.OrdinalIgnoreCase));
}
