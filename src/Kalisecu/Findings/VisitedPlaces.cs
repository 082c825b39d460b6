using System.Text.RegularExpressions;

namespace Kalisecu.Findings;

/// <summary>What a scan says it visited: what it does not see there any more is gone; elsewhere its silence says nothing.</summary>
internal sealed class VisitedPlaces
{
    /// <summary>Ours: a site of a million pages; more is a whole site.</summary>
    public const int Maximum = 1_000_000;

    /// <summary>Ours: each is tried against each place that was not seen, inside the closing transaction.</summary>
    public const int MaximumPrefixes = 1_000;

    private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
    private readonly List<string> _prefixes = [];

    public bool Complete { get; set; }

    public bool WholeSite { get; set; }

    public int Count => _exact.Count + _prefixes.Count;

    public int PrefixCount => _prefixes.Count;

    public IEnumerable<string> All => _exact.Concat(_prefixes.Select(p => p + "*"));

    /// <summary>Whether anything can close at all.</summary>
    public bool CanClose => Complete && (WholeSite || Count > 0);

    public void Add(string place)
    {
        if (place.EndsWith('*'))
        {
            _prefixes.Add(place[..^1]);
        }
        else
        {
            _exact.Add(place);
        }
    }

    public bool Contains(string place)
    {
        if (WholeSite)
        {
            return true;
        }

        var visited = VisitedPlace.Of(place);
        return _exact.Contains(visited) || _prefixes.Exists(p => visited.StartsWith(p, StringComparison.Ordinal));
    }
}

/// <summary>What has to be visited again before anything at a place may be called gone: docs/push-protocol.md, "Coverage".</summary>
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

    /// <summary>The count of a place that one report names more than once.</summary>
    [GeneratedRegex(" #[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Repeat();

    /// <summary>The line of a file.</summary>
    [GeneratedRegex(":[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Line();
}
