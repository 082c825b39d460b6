using System.Text.RegularExpressions;

namespace Kalisecu.Agent.Identity;

/// <summary>
/// One spelling for one page: lower-case scheme and host, no default port, no user, no fragment, parameter names in order
/// without values. Values are session ids, attack payloads and people's data: with them no re-scan would match the last one.
/// Places that become equal by it are counted (<c> #2</c>), so no raw instance is lost.
/// </summary>
internal static partial class CanonicalUrl
{
    public static bool IsWeb(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public static string Of(string text)
    {
        var trimmed = text.Trim();
        return Uri.TryCreate(trimmed, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? $"{Origin(uri)}{PathParameter().Replace(uri.AbsolutePath, ";${name}")}{Names(uri.Query)}"
            : NotAUrl(trimmed);
    }

    /// <summary>The host of a URL, of <c>host:port</c> or of a bare name; null when there is none.</summary>
    public static string? Host(string? text) => Network(text)?.Host.ToLowerInvariant();

    /// <summary>The port of the same, where it names one or its scheme has one.</summary>
    public static int? Port(string text) => Network(text) is { Port: >= 0 } uri ? uri.Port : null;

    private static Uri? Network(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"any://{text.Trim()}";
        return Uri.TryCreate(full, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri : null;
    }

    private static string Origin(Uri uri) =>
        uri.IsDefaultPort || uri.Port < 0 ? $"{uri.Scheme}://{uri.Host}" : $"{uri.Scheme}://{uri.Host}:{uri.Port}";

    private static string Names(string query)
    {
        if (query.Length <= 1)
        {
            return string.Empty;
        }

        var names = query[1..]
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)[0])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return "?" + string.Join('&', names);
    }

    /// <summary>Also what is no URL loses its values: a payload can make a URL unreadable.</summary>
    private static string NotAUrl(string text)
    {
        var end = text.IndexOf('#', StringComparison.Ordinal);
        var whole = end < 0 ? text : text[..end];
        var query = whole.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? whole.ToLowerInvariant() : whole[..query].ToLowerInvariant() + Names(whole[query..]);
    }

    /// <summary><c>;jsessionid=…</c></summary>
    [GeneratedRegex(";(?<name>[^/=;]+)=[^/;]*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PathParameter();
}
