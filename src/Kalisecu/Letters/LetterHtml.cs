using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Kalisecu.Outbox;

namespace Kalisecu.Letters;

/// <summary>
/// A plain letter in a fixed frame of HTML. Everything in it was text and stays text: it is encoded after it was put
/// together, so that no value can bring markup. Nothing is loaded from elsewhere (clause DATA-1).
/// </summary>
internal static class LetterHtml
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Of(string subject, string plain, Language language)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"")
            .Append(language is Language.Fr ? "fr" : "en")
            .Append("\">\n<head><meta charset=\"utf-8\"><title>")
            .Append(Encoder.Encode(subject))
            .Append("</title></head>\n<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 42em\">\n");
        foreach (var paragraph in plain.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = paragraph.Trim('\n').Split('\n').Select(line => Encoder.Encode(line));
            html.Append("<p>").AppendJoin("<br>\n", lines).Append("</p>\n");
        }

        return html.Append("</body>\n</html>\n").ToString();
    }
}
