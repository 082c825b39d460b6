using Kalisecu.Errors;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Scans;

/// <summary>Which scans a list shows, newest first.</summary>
internal sealed record ScanFilter(
    Guid? SiteId,
    IReadOnlyCollection<ScanState> States,
    string? Tool,
    PageRequest Page,
    (Instant CreateTime, Guid ScanId)? After
)
{
    public static ScanFilter Read(V1.ListScansRequest request)
    {
        var violations = new Violations();
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        var read = new ScanFilter(
            Fields.OptionalId(request.SiteId, "site_id", violations),
            [.. request.States.Select((state, i) => ScanProto.State(state, $"states[{i}]", violations))],
            request.Tool.Length == 0 ? null : ScanProto.Tool(request.Tool, "tool", violations),
            page,
            page.After is null ? null : ReadKeys(page.After)
        );
        violations.ThrowIfAny();
        return read;
    }

    /// <summary>The page and one scan more, if there is one.</summary>
    public IQueryable<Scan> Apply(KalisecuDb db)
    {
        var tenantId = db.TenantId();
        var scans = db.Set<Scan>().AsNoTracking().Where(s => s.TenantId == tenantId);
        if (SiteId is { } site)
        {
            scans = scans.Where(s => s.SiteId == site);
        }

        if (States.Count > 0)
        {
            scans = scans.Where(s => States.Contains(s.State));
        }

        if (Tool is { } tool)
        {
            scans = scans.Where(s => s.Tool == tool);
        }

        if (After is { } after)
        {
            scans = scans.Where(s =>
                s.CreateTime < after.CreateTime
                || (s.CreateTime == after.CreateTime && s.ScanId.CompareTo(after.ScanId) < 0)
            );
        }

        return scans.OrderByDescending(s => s.CreateTime).ThenByDescending(s => s.ScanId).Take(Page.Size + 1);
    }

    private static (Instant, Guid) ReadKeys(IReadOnlyList<string> keys) =>
        InstantPattern.ExtendedIso.Parse(keys[0]) is { Success: true } time && Guid.TryParse(keys[1], out var id)
            ? (time.Value, id)
            : throw GeneralErrors.PageTokenInvalid();
}
