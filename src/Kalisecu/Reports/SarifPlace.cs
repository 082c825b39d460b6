using System.Globalization;
using System.Text.RegularExpressions;

namespace Kalisecu.Reports;

/// <summary>A canonical place as SARIF knows places: a URI reference and, in files, a line.</summary>
/// <param name="Method">of the request that showed it; null where there was none</param>
internal sealed partial record SarifPlace(string Uri, long? Line, string? Method)
{
    /// <summary>Reads a canonical place.</summary>
    /// <param name="siteUrl">stands for places that name no address of their own, such as the whole target</param>
    public static SarifPlace Of(string place, string siteUrl)
    {
        var text = Repeat().Replace(place, "");
        if (Request().Match(text) is { Success: true } request)
        {
            return new SarifPlace(
                Web(request.Groups["url"].Value, siteUrl),
                Line: null,
                request.Groups["method"].Value
            );
        }

        if (Port().Match(text) is { Success: true } port)
        {
            var protocol = port.Groups["protocol"] is { Success: true, Value: var named } ? named : "tcp";
            return new SarifPlace($"{protocol}://{port.Groups["host"].Value}", Line: null, Method: null);
        }

        var (path, line) = Split(text);
        return new SarifPlace(
            path.Contains("://", StringComparison.Ordinal) ? Web(path, siteUrl)
                : path.Contains(' ', StringComparison.Ordinal) ? Web(siteUrl, siteUrl)
                : string.Join('/', path.Split('/').Select(System.Uri.EscapeDataString)),
            line,
            Method: null
        );
    }

    private static (string Path, long? Line) Split(string text)
    {
        var match = LineOfFile().Match(text);
        var path = match.Groups["path"].Value;
        var isPort =
            path.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at && !path[(at + 3)..].Contains('/');
        return match.Success && !isPort
            ? (path, long.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture))
            : (text, null);
    }

    private static string Web(string url, string siteUrl) =>
        System.Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : siteUrl;

    /// <summary>The counter that keeps equal places of one report apart.</summary>
    [GeneratedRegex(" #[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Repeat();

    /// <summary><c>GET https://host/path?names [parameter]</c></summary>
    [GeneratedRegex(
        @"^(?<method>[A-Z]{2,20}) (?<url>[A-Za-z][A-Za-z0-9+.-]*://[^ ]+)( \[.*\])?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Request();

    /// <summary><c>host:port/protocol</c>, or <c>host:port</c> with what was looked at there.</summary>
    [GeneratedRegex(
        @"^(?<host>([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5})(/(?<protocol>tcp|udp|sctp)( .*)?| .+)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Port();

    /// <summary><c>path:line</c></summary>
    [GeneratedRegex(
        "^(?<path>.+):(?<line>[1-9][0-9]{0,8})$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex LineOfFile();
}
