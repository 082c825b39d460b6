using System.Buffers;

namespace Kalisecu.Agent.Reading;

/// <summary>
/// What an XML text begins with. <paramref name="Skipped"/> is the length of comments before the XML declaration: licence
/// tools put them there, XML forbids them, and they are harmless.
/// </summary>
internal sealed record XmlShape(string? Root, string Skipped)
{
    private static readonly SearchValues<char> EndOfName = SearchValues.Create(" \t\r\n/>");

    public static XmlShape Of(string text)
    {
        var at = 0;
        var declarationAt = -1;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var rest = text.AsSpan(at);
            if (rest.StartsWith("<?xml ", StringComparison.Ordinal))
            {
                declarationAt = at;
            }

            var end = rest switch
            {
                _ when rest.StartsWith("<!--", StringComparison.Ordinal) => After(rest, "-->"),
                _ when rest.StartsWith("<?", StringComparison.Ordinal) => After(rest, "?>"),
                _ when rest.StartsWith("<!DOCTYPE", StringComparison.Ordinal) => AfterDoctype(rest),
                _ => -1,
            };
            if (end < 0)
            {
                return new XmlShape(RootName(rest), declarationAt > 0 ? text[..declarationAt] : string.Empty);
            }

            at += end;
        }
    }

    private static int After(ReadOnlySpan<char> rest, string mark)
    {
        var end = rest.IndexOf(mark, StringComparison.Ordinal);
        return end < 0 ? -1 : end + mark.Length;
    }

    private static int AfterDoctype(ReadOnlySpan<char> rest)
    {
        var subset = rest.IndexOf('[');
        var close = rest.IndexOf('>');
        return subset >= 0 && subset < close ? After(rest, "]>") : After(rest, ">");
    }

    private static string? RootName(ReadOnlySpan<char> rest)
    {
        if (rest is not ['<', ..])
        {
            return null;
        }

        var end = rest.IndexOfAny(EndOfName);
        return end <= 1 ? null : rest[1..end].ToString();
    }
}
