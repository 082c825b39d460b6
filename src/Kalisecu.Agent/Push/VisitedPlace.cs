using System.Text.RegularExpressions;

namespace Kalisecu.Agent.Push;

/// <summary>
/// What has to be visited again before anything at a place may be called gone: docs/push-protocol.md, "Coverage". The server
/// has the same rule, and a test holds the two equal.
/// </summary>
internal static partial class VisitedPlace
{
    public static string Of(string place)
    {
        var text = Repeat().Replace(place, "");
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return Line().Replace(text, "");
        }

        var start = text.LastIndexOf(' ', scheme) + 1;
        var end = text.AsSpan(scheme).IndexOfAny(" ?");
        var address = end < 0 ? text[start..] : text[start..(scheme + end)];
        return address.IndexOf('/', scheme - start + 3) < 0 ? address : Line().Replace(address, "");
    }

    [GeneratedRegex(" #[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Repeat();

    [GeneratedRegex(":[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Line();
}
