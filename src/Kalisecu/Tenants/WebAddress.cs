namespace Kalisecu.Tenants;

/// <summary>Addresses of sites in the one spelling that is stored and compared (RFC 3986, section 6.2).</summary>
internal static class WebAddress
{
    public const int MaximumLength = 2048;

    /// <summary>
    /// Lower-case scheme and host (international names as xn--), no default port, path kept; null for what is no http or https
    /// address, or carries a user, a query or a fragment.
    /// </summary>
    public static string? Normalise(string text) =>
        Read(text) is { } uri && uri.Query.Length == 0 && !text.Contains('?') ? Origin(uri) + uri.AbsolutePath : null;

    /// <summary>The same with a query: pages to sign in on may need one.</summary>
    public static string? NormalisePage(string text) => Read(text) is { } uri ? Origin(uri) + uri.PathAndQuery : null;

    /// <summary><c>scheme://host[:port]</c> alone; null for everything else, wildcards included.</summary>
    public static string? NormaliseOrigin(string text) =>
        Read(text) is { PathAndQuery: "/" } uri && !text.Contains('?') ? Origin(uri) : null;

    public static string Origin(Uri uri) =>
        uri.IsDefaultPort ? $"{uri.Scheme}://{Host(uri)}" : $"{uri.Scheme}://{Host(uri)}:{uri.Port}";

    public static string Host(Uri uri) =>
        uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost.ToLowerInvariant();

    private static Uri? Read(string text) =>
        text.Length <= MaximumLength
        && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '\\' or '@' or '#' or '*')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && IsHost(uri)
            ? uri
            : null;

    private static bool IsHost(Uri uri) =>
        uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        || (
            uri.HostNameType == UriHostNameType.Dns
            && !uri.Host.EndsWith('.')
            && uri.IdnHost.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')
        );
}
