using System.Text;

namespace Kalisecu.Tenants;

/// <summary>
/// The origins that may be tested. A place that names a web address must lie in one of them, a place that names a port on one
/// of their hosts; a place in a file, or the whole target, lies nowhere on a network. Asked for every occurrence of a push, so
/// it reads the UTF-8 as it came and allocates nothing for a place in its one canonical spelling.
/// </summary>
internal sealed class AuthorisedScope
{
    private readonly byte[][] _origins;
    private readonly byte[][] _hosts;
    private readonly HashSet<(string Host, int Port)> _places;

    public AuthorisedScope(IEnumerable<string> origins)
    {
        Origins = [.. origins.Distinct(StringComparer.Ordinal)];
        var uris = Origins.Select(o => new Uri(o, UriKind.Absolute)).ToList();
        _places = [.. uris.Select(u => (WebAddress.Host(u), u.Port))];
        _origins = [.. uris.Select(u => Encoding.UTF8.GetBytes(WebAddress.Origin(u)))];
        _hosts = [.. uris.Select(WebAddress.Host).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
    }

    public IReadOnlyList<string> Origins { get; }

    /// <summary>Whether a canonical place lies inside, or on no network at all.</summary>
    public bool Covers(ReadOnlySpan<byte> place)
    {
        var scheme = place.IndexOf("://"u8);
        if (scheme < 0)
        {
            // Any port: which ones answer is what is asked of an authorised host.
            return PortHost(place) is not { Length: > 0 } host || IsHost(host);
        }

        // What stands before the scheme is a method and a blank: the address begins after the last blank.
        var address = place[(place[..scheme].LastIndexOf((byte)' ') + 1)..];
        // Three slashes: a file of this machine. With a host behind two it is a share of another.
        return address.StartsWith("file:///"u8) || CoversAddress(address);
    }

    /// <summary>What may be told of a place that is refused: its origin or host, not its path.</summary>
    public static string OriginOf(ReadOnlySpan<byte> place)
    {
        var text = Encoding.UTF8.GetString(place);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme >= 0 && Uri.TryCreate(text[(text.LastIndexOf(' ', scheme) + 1)..], UriKind.Absolute, out var uri)
            ? WebAddress.Origin(uri)
            : text.Split('/', ' ')[0];
    }

    private bool CoversAddress(ReadOnlySpan<byte> address)
    {
        var host = address.IndexOf("://"u8) + 3;
        var length = address[host..].IndexOfAny("/?# "u8);
        var origin = length < 0 ? address : address[..(host + length)];
        return IsAny(_origins, origin) || IsSpeltOtherwise(origin);
    }

    /// <summary>Capitals, a written default port, web sockets. What cannot be read cannot be inside.</summary>
    private bool IsSpeltOtherwise(ReadOnlySpan<byte> origin) =>
        Uri.TryCreate(Encoding.UTF8.GetString(origin), UriKind.Absolute, out var uri)
        && uri is { UserInfo: "", Host.Length: > 0 }
        && _places.Contains((WebAddress.Host(uri), PortOf(uri)));

    private static int PortOf(Uri uri) =>
        uri.Scheme switch
        {
            _ when uri.Port >= 0 => uri.Port,
            "ws" => 80,
            "wss" => 443,
            _ => -1,
        };

    private bool IsHost(ReadOnlySpan<byte> host)
    {
        foreach (var known in _hosts)
        {
            if (Ascii.EqualsIgnoreCase(host, known))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAny(byte[][] known, ReadOnlySpan<byte> value)
    {
        foreach (var one in known)
        {
            if (value.SequenceEqual(one))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The host of <c>host:port/protocol</c>, also with a count or a rule behind it, and of testssl.sh's <c>host:port rule</c>.
    /// </summary>
    private static ReadOnlySpan<byte> PortHost(ReadOnlySpan<byte> place)
    {
        var blank = place.IndexOf((byte)' ');
        var where = blank < 0 ? place : place[..blank];
        var slash = where.IndexOf((byte)'/');
        if (slash < 0)
        {
            return IsRuleBehind(place, blank) ? HostBefore(where) : default;
        }

        return IsProtocol(where[(slash + 1)..]) ? HostBefore(where[..slash]) : default;
    }

    private static ReadOnlySpan<byte> HostBefore(ReadOnlySpan<byte> hostAndPort)
    {
        var colon = hostAndPort.LastIndexOf((byte)':');
        return colon > 0 && !hostAndPort[(colon + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            ? hostAndPort[..colon]
            : default;
    }

    // "shop.example:443 heartbleed" is a port; "main.py:10" and its repeat "main.py:10 #2" are lines of a file.
    private static bool IsRuleBehind(ReadOnlySpan<byte> place, int blank) =>
        blank >= 0 && blank + 1 < place.Length && place[blank + 1] != (byte)'#';

    private static bool IsProtocol(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("tcp"u8) || name.SequenceEqual("udp"u8) || name.SequenceEqual("sctp"u8);
}
