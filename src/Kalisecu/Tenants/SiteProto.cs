using Google.Protobuf.Collections;
using Kalisecu.Errors;
using Kalisecu.Persistence;

namespace Kalisecu.Tenants;

internal static class SiteProto
{
    private static readonly string[] Changeable = ["display_name", "technologies"];

    public static SiteDraft Read(V1.CreateSiteRequest request)
    {
        var violations = new Violations();
        var url = WebAddress.Normalise(request.Url.Trim());
        violations.Check(
            url is { Length: >= 10 and <= WebAddress.MaximumLength },
            "url",
            "must be an http or https address of 10 to 2048 characters, without user, query or fragment"
        );
        var draft = new SiteDraft(
            Fields.Text(request.DisplayName, "display_name", 1, 200, violations),
            url ?? "",
            ReadTechnologies(request.Technologies, violations)
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static (Guid SiteId, SiteChange Change) Read(V1.UpdateSiteRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.SiteId, "site_id", violations);
        var mask = Masks.Read(request.UpdateMask, Changeable, violations);
        var change = new SiteChange(
            mask.Contains("display_name") ? Fields.Text(request.DisplayName, "display_name", 1, 200, violations) : null,
            mask.Contains("technologies") ? ReadTechnologies(request.Technologies, violations) : null
        );
        violations.ThrowIfAny();
        return (id, change);
    }

    public static Guid ReadId(string siteId)
    {
        var violations = new Violations();
        var id = Fields.Id(siteId, "site_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static IReadOnlyList<SiteState> ReadStates(IEnumerable<V1.SiteState> states, Violations violations)
    {
        var read = new List<SiteState>();
        foreach (var state in states)
        {
            violations.Check(
                state is V1.SiteState.Open or V1.SiteState.Closed,
                "states",
                "must be of the named values"
            );
            read.Add(state == V1.SiteState.Closed ? SiteState.Closed : SiteState.Open);
        }

        return read;
    }

    public static V1.Site Write(Site site, bool authorised)
    {
        var written = new V1.Site
        {
            SiteId = site.SiteId.ToString("D"),
            DisplayName = site.DisplayName,
            Url = site.Url,
            Technologies = { site.Technologies },
            State = site.State == SiteState.Open ? V1.SiteState.Open : V1.SiteState.Closed,
            CreateTime = Fields.Write(site.CreateTime),
            Authorised = authorised,
            Etag = Etag.Write(site.Version),
        };
        if (site.CloseTime is { } closed)
        {
            written.CloseTime = Fields.Write(closed);
        }

        return written;
    }

    private static List<string> ReadTechnologies(RepeatedField<string> given, Violations violations)
    {
        violations.Check(given.Count <= 50, "technologies", "must be at most 50");
        return [.. given.Select((text, i) => Fields.Text(text, $"technologies[{i}]", 1, 100, violations))];
    }
}
