using System.Text;

namespace Kalisecu.Findings;

/// <summary>
/// The origins of the authorisations in force. Places that name a web address must lie in one of them, places that name a port
/// on one of their hosts; a place in a file or "whole target" lies nowhere on the network.
/// </summary>
internal sealed class PushScope
{
    private readonly byte[][] _origins;
    private readonly byte[][] _hosts;

    public PushScope(IEnumerable<string> origins)
    {
        var uris = origins.Select(o => new Uri(o, UriKind.Absolute)).ToList();
        _origins = [.. uris.Select(Origin).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        _hosts = [.. uris.Select(u => u.Host).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
    }

    public bool Contains(ReadOnlySpan<byte> place)
    {
        var scheme = place.IndexOf("://"u8);
        if (scheme < 0)
        {
            return PortHost(place) is not { Length: > 0 } host || IsAny(_hosts, host);
        }

        // What stands before the scheme is a method and a blank: the address begins after the last blank.
        var start = place[..scheme].LastIndexOf((byte)' ') + 1;
        var address = place[start..];
        if (address.StartsWith("file://"u8))
        {
            return true;
        }

        var end = address[(scheme - start + 3)..].IndexOfAny("/?# "u8);
        return IsAny(_origins, end < 0 ? address : address[..(end + scheme - start + 3)]);
    }

    /// <summary>What may be told of a place that is refused: its origin, not its path.</summary>
    public static string Origin(ReadOnlySpan<byte> place)
    {
        var text = Encoding.UTF8.GetString(place);
        var start = text.IndexOf("http", StringComparison.Ordinal);
        return start >= 0 && Uri.TryCreate(text[start..], UriKind.Absolute, out var uri)
            ? Origin(uri)
            : text.Split('/', ' ')[0];
    }

    private static string Origin(Uri uri) =>
        uri.IsDefaultPort || uri.Port < 0 ? $"{uri.Scheme}://{uri.Host}" : $"{uri.Scheme}://{uri.Host}:{uri.Port}";

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

    /// <summary>The host of <c>host:port/protocol</c>, also with a count or a rule behind it.</summary>
    private static ReadOnlySpan<byte> PortHost(ReadOnlySpan<byte> place)
    {
        var blank = place.IndexOf((byte)' ');
        var where = blank < 0 ? place : place[..blank];
        var slash = where.IndexOf((byte)'/');
        if (
            slash < 0
            || !(where[slash..] is [_, (byte)'t', (byte)'c', (byte)'p'] or [_, (byte)'u', (byte)'d', (byte)'p'])
        )
        {
            return default;
        }

        var colon = where[..slash].LastIndexOf((byte)':');
        return colon < 0 ? default : where[..colon];
    }
}
