using System.Text.RegularExpressions;

namespace Kalisecu.Agent.Reading;

/// <summary>
/// Masks credentials in raw HTTP traffic before it leaves the machine. The names of cookies and their attributes stay:
/// they are what findings about cookies are about.
/// </summary>
internal static partial class Redaction
{
    private const string Masked = "[masked]";

    public static string Mask(string exchange)
    {
        var text = Credential().Replace(exchange, $"${{name}} {Masked}");
        text = Cookies().Replace(text, match => CookieValue().Replace(match.Value, $"${{name}}={Masked}"));
        return SetCookie().Replace(text, $"${{name}}={Masked}");
    }

    [GeneratedRegex(
        @"^(?<name>[ \t]*(?:proxy-)?authorization:|[ \t]*x-[a-z-]*(?:key|token|secret|auth)[a-z-]*:|[ \t]*(?:api-?key|private-token):)[^\r\n]*",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Credential();

    [GeneratedRegex(
        @"^[ \t]*cookie:[^\r\n]*",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Cookies();

    [GeneratedRegex(@"(?<name>[^\s;=]+)=[^;]*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex CookieValue();

    [GeneratedRegex(
        @"^(?<name>[ \t]*set-cookie:[^\r\n=;]*)=[^\r\n;]*",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex SetCookie();
}
