using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Kalisecu.Agent.Reading;

/// <summary>Text of a report as it is kept: no markup, no control characters, no more than its limit.</summary>
internal static partial class PlainText
{
    public const string Mark = " […]";

    /// <summary>One line: white space becomes single blanks.</summary>
    public static string Name(string? text) =>
        text is null ? string.Empty : Limit(White().Replace(text, " ").Trim(), ReportLimits.NameLength);

    public static string Text(string? text) =>
        text is null ? string.Empty : Limit(Control().Replace(text, string.Empty).Trim(), ReportLimits.TextLength);

    /// <summary>ZAP writes its texts as small HTML: paragraphs become lines, every other tag goes.</summary>
    public static string FromHtml(string? html)
    {
        if (string.IsNullOrEmpty(html))
        {
            return string.Empty;
        }

        var lines = Tag().Replace(Break().Replace(html, "\n"), string.Empty);
        return Text(BlankLines().Replace(WebUtility.HtmlDecode(lines), "\n"));
    }

    /// <summary>A name made of a sentence, for tools that give a result no rule id. Figures go: they are often data.</summary>
    public static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiLetter(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == 80)
            {
                break;
            }
        }

        return slug.Length == 0 ? "unnamed" : slug.ToString().TrimEnd('-');
    }

    public static string Limit(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Half of a surrogate pair is no text.
        var end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return string.Concat(text.AsSpan(0, end), Mark);
    }

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.NonBacktracking)]
    private static partial Regex White();

    [GeneratedRegex(@"[\p{Cc}-[\n\t]]", RegexOptions.NonBacktracking)]
    private static partial Regex Control();

    [GeneratedRegex("</p>|<br ?/?>|</li>|</div>", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Break();

    [GeneratedRegex("</?[a-z][^<>]{0,500}>", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s*\n\s*", RegexOptions.NonBacktracking)]
    private static partial Regex BlankLines();
}
