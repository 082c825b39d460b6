using NodaTime;

namespace Kalisecu.Scans;

/// <summary>What decides whether an agent holds a scan.</summary>
internal sealed record LeaseFacts(Guid ScanId, ScanState State, Guid? AgentId, Guid? LeaseId, Instant? LeaseExpireTime);

/// <summary>The one rule of who holds a scan, for the mapper's rows and for those of raw statements.</summary>
internal static class LeaseCheck
{
    /// <summary>Refuses unless the agent holds this lease now.</summary>
    public static void Demand(LeaseFacts scan, Guid agentId, Guid? leaseId, Instant now)
    {
        if (scan.State is ScanState.Completed or ScanState.Failed or ScanState.Cancelled)
        {
            throw ScanErrors.Finished(scan.ScanId, scan.State);
        }

        if (scan.AgentId != agentId)
        {
            throw scan.State is ScanState.Due
                ? ScanErrors.NoLease(scan.ScanId)
                : ScanErrors.LeaseHeldByOther(scan.ScanId);
        }

        if (leaseId is null || scan.LeaseId != leaseId)
        {
            throw ScanErrors.NoLease(scan.ScanId);
        }

        if (scan.State is ScanState.Due || now >= scan.LeaseExpireTime)
        {
            throw ScanErrors.LeaseExpired(scan.ScanId, scan.LeaseExpireTime ?? now);
        }
    }
}
