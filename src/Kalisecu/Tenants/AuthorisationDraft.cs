using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>What a signed document says, known to be valid; the origins are canonical.</summary>
/// <param name="StartTime">null: from the moment it is recorded</param>
internal sealed record AuthorisationDraft(
    Guid SiteId,
    string SignerName,
    string SignerEmail,
    string SignerFunction,
    IReadOnlyList<string> Origins,
    Instant? StartTime,
    Instant EndTime
)
{
    /// <summary>The origins, each of the site's host or below it; by default the one of the site's URL.</summary>
    public IReadOnlyList<string> OriginsFor(Site site)
    {
        var home = new Uri(site.Url);
        if (Origins.Count == 0)
        {
            return [WebAddress.Origin(home)];
        }

        var host = WebAddress.Host(home);
        foreach (var origin in Origins)
        {
            var other = WebAddress.Host(new Uri(origin));
            if (
                !string.Equals(other, host, StringComparison.Ordinal)
                && !other.EndsWith("." + host, StringComparison.Ordinal)
            )
            {
                throw AuthorisationErrors.NotOfSite(origin);
            }
        }

        return Origins;
    }
}
