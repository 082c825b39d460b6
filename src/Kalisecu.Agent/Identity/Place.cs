using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Identity;

/// <summary>Where something shows, in the one spelling that every scan of the same thing yields.</summary>
/// <param name="Text">the canonical place; part of an occurrence's identity</param>
/// <param name="Resource">what has to be visited again before anything at this place may be called fixed</param>
internal readonly partial record struct Place(string Text, string Resource)
{
    /// <summary>For tools that name no place: the whole target.</summary>
    public static readonly Place WholeTarget = Of("whole target");

    public static Place Of(string text) => Of(text, text);

    public static Place Of(string text, string resource) => new(Keep(text), Keep(resource));

    /// <summary><c>GET https://host/path?names [parameter]</c></summary>
    public static Place Http(string? method, string url, string? parameter = null)
    {
        var resource = CanonicalUrl.Of(url);
        var text = new StringBuilder(string.IsNullOrWhiteSpace(method) ? "GET" : method.Trim().ToUpperInvariant())
            .Append(' ')
            .Append(resource);
        if (!string.IsNullOrWhiteSpace(parameter))
        {
            text.Append(" [").Append(parameter.Trim()).Append(']');
        }

        return Of(text.ToString(), resource);
    }

    /// <summary><c>path:line</c>; an absolute URL keeps its own spelling.</summary>
    public static Place File(string uri, long? line)
    {
        var isWeb = CanonicalUrl.IsWeb(uri);
        var resource = isWeb ? CanonicalUrl.Of(uri) : uri.Replace('\\', '/');
        return Of(line is { } number ? $"{resource}:{number}" : resource, resource);
    }

    /// <summary><c>host:port/protocol</c></summary>
    public static Place Port(string host, int port, string protocol) =>
        Of($"{host.ToLowerInvariant()}:{port}/{protocol.ToLowerInvariant()}");

    /// <summary>A place is stored in clear and shown in lists: no address of a person in it, and no endless text.</summary>
    private static string Keep(string text)
    {
        var masked = Email().Replace(ControlCharacters().Replace(text, string.Empty), "{email}");
        if (masked.Length <= ReportLimits.PlaceLength)
        {
            return masked;
        }

        // The digest keeps two long places apart that begin alike.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(masked)).AsSpan(0, 8));
        return PlainText.Limit(masked, ReportLimits.PlaceLength - 32) + digest;
    }

    [GeneratedRegex(
        @"[a-z0-9._%+'-]+(?:@|%40)[a-z0-9.-]+\.[a-z]{2,}",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex Email();

    [GeneratedRegex(@"\p{Cc}+", RegexOptions.NonBacktracking)]
    private static partial Regex ControlCharacters();
}
