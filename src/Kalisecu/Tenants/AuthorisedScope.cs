using System.Globalization;
using System.Text.RegularExpressions;

namespace Kalisecu.Tenants;

/// <summary>
/// The origins that may be tested. A place lies inside when its host and port are those of an origin; a place that names no
/// host of a network (a file of a source tree, the whole target) is never outside.
/// </summary>
internal sealed partial class AuthorisedScope
{
    // A bare name with a number, as `main.py:10` in SARIF or `shop.example:443` in testssl, does not say which of the two it
    // is: these endings of source files decide. Nobody is kept out by this rule who could not send the place as a file anyway.
    private static readonly HashSet<string> FileEndings = new(StringComparer.Ordinal)
    {
        "c",
        "cc",
        "cfg",
        "conf",
        "cpp",
        "cs",
        "css",
        "csv",
        "go",
        "gradle",
        "h",
        "hpp",
        "html",
        "ini",
        "java",
        "js",
        "json",
        "jsx",
        "kt",
        "lock",
        "md",
        "mjs",
        "php",
        "pl",
        "properties",
        "ps1",
        "py",
        "rb",
        "rs",
        "scala",
        "sh",
        "sql",
        "swift",
        "tf",
        "toml",
        "ts",
        "tsx",
        "txt",
        "vue",
        "xml",
        "yaml",
        "yml",
    };

    private readonly HashSet<(string Host, int Port)> _places = [];
    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);

    public AuthorisedScope(IEnumerable<string> origins)
    {
        Origins = [.. origins.Distinct(StringComparer.Ordinal)];
        foreach (var origin in Origins)
        {
            var uri = new Uri(origin);
            _places.Add((WebAddress.Host(uri), uri.Port));
            _hosts.Add(WebAddress.Host(uri));
        }
    }

    public IReadOnlyList<string> Origins { get; }

    /// <summary>Whether a canonical place lies inside the scope, or is none of a network.</summary>
    public bool Covers(string place)
    {
        var text = Method().Replace(place, "", 1);
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return CoversUrl(text.Split(' ', 2)[0]);
        }

        var match = HostAndPort().Match(text);
        return !match.Success || CoversHost(match);
    }

    private bool CoversUrl(string text)
    {
        if (text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // What cannot be read cannot be inside. A scheme without a port of its own names the host alone.
        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            && (
                PortOf(uri) is { } port
                    ? _places.Contains((WebAddress.Host(uri), port))
                    : _hosts.Contains(WebAddress.Host(uri))
            );
    }

    private static int? PortOf(Uri uri) =>
        uri.Port >= 0 ? uri.Port
        : string.Equals(uri.Scheme, "ws", StringComparison.Ordinal) ? 80
        : string.Equals(uri.Scheme, "wss", StringComparison.Ordinal) ? 443
        : null;

    private bool CoversHost(Match match)
    {
        var host = match.Groups["host"].Value.ToLowerInvariant();
        var isNamedProtocol = match.Groups["protocol"].Success;
        if (!isNamedProtocol && !host.StartsWith('[') && IsFile(host))
        {
            return true;
        }

        return match.Groups["port"] is { Success: true, Value: var digits }
            ? _places.Contains((host, int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)))
            : _hosts.Contains(host);
    }

    /// <summary>A name without a dot is no host on the internet, except the machine itself.</summary>
    private static bool IsFile(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0
            ? !string.Equals(name, "localhost", StringComparison.Ordinal)
            : FileEndings.Contains(name[(dot + 1)..]);
    }

    [GeneratedRegex("^[A-Z]{2,20} (?=[A-Za-z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();

    [GeneratedRegex(
        @"^(?<host>[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:(?<port>[0-9]{1,5}))?(/(?<protocol>tcp|udp|sctp))?( .*)?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex HostAndPort();
}
