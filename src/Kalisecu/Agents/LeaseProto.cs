using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Scans;

namespace Kalisecu.Agents;

/// <summary>Wire to domain and back, for leases.</summary>
internal static class LeaseProto
{
    private const int MaximumTools = 50;

    public static IReadOnlyCollection<string> ReadTools(V1.LeaseScanRequest request)
    {
        var violations = new Violations();
        violations.Check(request.Tools.Count <= MaximumTools, "tools", "must be at most 50");
        string[] tools =
        [
            .. request.Tools.Take(MaximumTools).Select((tool, i) => ScanProto.Tool(tool, $"tools[{i}]", violations)),
        ];
        violations.ThrowIfAny();
        return tools;
    }

    public static (Guid ScanId, ScanDraft Draft) Read(V1.StartScanRequest request)
    {
        var violations = new Violations();
        var scanId = Fields.Id(request.ScanId, "scan_id", violations);
        var draft = new ScanDraft(
            Fields.Id(request.SiteId, "site_id", violations),
            ScanProto.Tool(request.Tool, "tool", violations),
            ScanProto.Options(request.Options, violations),
            DueTime: null,
            AgentInitiated: true
        );
        violations.ThrowIfAny();
        return (scanId, draft);
    }

    public static Guid Read(V1.RenewLeaseRequest request)
    {
        var violations = new Violations();
        var leaseId = Fields.Id(request.LeaseId, "lease_id", violations);
        violations.ThrowIfAny();
        return leaseId;
    }

    public static (Guid ScanId, Guid LeaseId, string Message) Read(V1.CompleteScanRequest request)
    {
        var violations = new Violations();
        var scanId = Fields.Id(request.ScanId, "scan_id", violations);
        var leaseId = Fields.Id(request.LeaseId, "lease_id", violations);
        var message = Fields.Text(request.Message, "message", 1, 1000, violations);
        var word = request.Outcome switch
        {
            V1.ScanOutcome.Failed => "failed",
            V1.ScanOutcome.Aborted => "aborted",
            _ => null,
        };
        violations.Check(word is not null, "outcome", "must be FAILED or ABORTED");
        violations.ThrowIfAny();
        return (scanId, leaseId, $"{word}: {message}");
    }

    public static (PageRequest Page, (string DisplayName, Guid SiteId)? After) Read(V1.ListLeasableSitesRequest request)
    {
        var violations = new Violations();
        var filter = new V1.ListLeasableSitesRequest();
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return (page, page.After is [var name, var id] ? (name, PageKeys.Id(id)) : null);
    }

    public static V1.Lease Write(LeaseGrant grant)
    {
        var scan = grant.Scan;
        var lease = new V1.Lease
        {
            LeaseId = scan.LeaseId?.ToString("D") ?? "",
            ScanId = scan.ScanId.ToString("D"),
            SiteId = scan.SiteId.ToString("D"),
            SiteUrl = grant.Place.Url,
            Tool = scan.Tool,
            ExpireTime = scan.LeaseExpireTime is { } expire ? Fields.Write(expire) : null,
        };
        foreach (var (name, value) in ScanToolOptions.Read(scan.Options))
        {
            lease.Options[name] = value;
        }

        lease.Origins.AddRange(grant.Place.Origins);
        lease.CredentialIds.AddRange(grant.Place.CredentialIds.Select(id => id.ToString("D")));
        return lease;
    }

    public static V1.LeasableSite Write(LeasableSite site)
    {
        var written = new V1.LeasableSite
        {
            SiteId = site.SiteId.ToString("D"),
            DisplayName = site.DisplayName,
            SiteUrl = site.Url,
        };
        written.Origins.AddRange(site.Origins);
        return written;
    }
}
