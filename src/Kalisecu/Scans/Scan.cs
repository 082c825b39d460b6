using NodaTime;

namespace Kalisecu.Scans;

internal enum ScanState
{
    Due,
    Leased,
    Pushing,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>One run of one tool on one site. What it found is written by the push that ends it.</summary>
internal sealed class Scan
{
    private Scan() { }

    public Guid TenantId { get; private init; }

    public Guid ScanId { get; private init; }

    public Guid SiteId { get; private init; }

    public string Tool { get; private init; } = "";

    /// <summary>Names and values as JSON.</summary>
    public string Options { get; private init; } = "{}";

    public ScanState State { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant DueTime { get; private init; }

    public bool AgentInitiated { get; private init; }

    /// <summary>The agent that leased it last.</summary>
    public Guid? AgentId { get; private set; }

    /// <summary>The last lease; kept after its end, so that a late renewal learns what became of it.</summary>
    public Guid? LeaseId { get; private set; }

    public Instant? LeaseTime { get; private set; }

    public Instant? LeaseExpireTime { get; private set; }

    public Guid? AuthorisationId { get; private set; }

    public string? ToolVersion { get; private init; }

    public Instant? StartTime { get; private init; }

    public Instant? EndTime { get; private init; }

    public Instant? FinishTime { get; private set; }

    public bool Complete { get; private init; }

    public bool WholeSite { get; private init; }

    public long VisitedPlaceCount { get; private init; }

    public byte[]? ContentDigest { get; private init; }

    public long OccurrencesOpened { get; private init; }

    public long OccurrencesClosed { get; private init; }

    public long OccurrencesUnchanged { get; private init; }

    public long OccurrencesOpenTotal { get; private init; }

    public long FindingsOpened { get; private init; }

    public long FindingsClosed { get; private init; }

    public long FindingsReopened { get; private init; }

    public long FindingsChanged { get; private init; }

    public long ObservationsOpened { get; private init; }

    public long ObservationsClosed { get; private init; }

    public long ObservationsUnchanged { get; private init; }

    public string? Message { get; private set; }

    public bool IsRunning => State is ScanState.Leased or ScanState.Pushing;

    public bool IsFinished => State is ScanState.Completed or ScanState.Failed or ScanState.Cancelled;

    public static Scan Create(Guid tenantId, Guid scanId, ScanDraft draft, Instant now) =>
        new()
        {
            TenantId = tenantId,
            ScanId = scanId,
            SiteId = draft.SiteId,
            Tool = draft.Tool,
            Options = ScanToolOptions.Write(draft.Options),
            State = ScanState.Due,
            CreateTime = now,
            DueTime = draft.DueTime ?? now,
            AgentInitiated = draft.AgentInitiated,
        };

    public bool IsLeasedTo(Guid agentId, Instant now) => IsRunning && AgentId == agentId && now < LeaseExpireTime;

    public bool IsAbandoned(Instant now) => IsRunning && now >= LeaseExpireTime;

    /// <summary>Whether a caller that names these facts means this scan.</summary>
    public bool Is(ScanDraft draft) =>
        SiteId == draft.SiteId
        && string.Equals(Tool, draft.Tool, StringComparison.Ordinal)
        && ScanToolOptions.AreEqual(ScanToolOptions.Read(Options), draft.Options);

    /// <summary>Gives the scan to an agent; an abandoned one may be given on.</summary>
    public void Lease(Guid agentId, Guid leaseId, Guid authorisationId, Instant now, Duration validity)
    {
        DemandUnfinished();
        if (IsRunning && !IsAbandoned(now))
        {
            throw ScanErrors.LeaseHeldByOther(ScanId);
        }

        State = ScanState.Leased;
        AgentId = agentId;
        LeaseId = leaseId;
        LeaseTime = now;
        LeaseExpireTime = now + validity;
        AuthorisationId = authorisationId;
    }

    public void RenewLease(Guid agentId, Guid authorisationId, Instant now, Duration validity)
    {
        DemandLease(agentId, LeaseId, now);
        LeaseExpireTime = now + validity;
        AuthorisationId = authorisationId;
    }

    /// <summary>Takes back what a silent agent held.</summary>
    public void Release(Instant now)
    {
        if (!IsAbandoned(now))
        {
            throw ScanErrors.LeaseHeldByOther(ScanId);
        }

        TakeBack("lease expired", now);
    }

    /// <summary>A job that is taken back is due again; an agent's own scan has failed, for nobody else knows what it was.</summary>
    public void TakeBack(string message, Instant now)
    {
        DemandUnfinished();
        if (AgentInitiated)
        {
            Finish(ScanState.Failed, message, now);
        }
        else
        {
            State = ScanState.Due;
        }
    }

    /// <summary>Ends it without a result, as its agent says.</summary>
    public void Fail(Guid agentId, Guid leaseId, string message, Instant now)
    {
        DemandLease(agentId, leaseId, now);
        Finish(ScanState.Failed, message, now);
    }

    /// <summary>Whether this end is the one it already came to: a repeat.</summary>
    public bool HasFailed(Guid agentId, Guid leaseId, string message) =>
        State is ScanState.Failed
        && AgentId == agentId
        && LeaseId == leaseId
        && string.Equals(Message, message, StringComparison.Ordinal);

    public void Cancel(string message, Instant now)
    {
        DemandUnfinished();
        Finish(ScanState.Cancelled, message, now);
    }

    /// <summary>Refuses unless the agent holds this lease now.</summary>
    public void DemandLease(Guid agentId, Guid? leaseId, Instant now)
    {
        LeaseCheck.Demand(new LeaseFacts(ScanId, State, AgentId, LeaseId, LeaseExpireTime), agentId, leaseId, now);
    }

    private void DemandUnfinished()
    {
        if (IsFinished)
        {
            throw ScanErrors.Finished(ScanId, State);
        }
    }

    private void Finish(ScanState state, string message, Instant now)
    {
        State = state;
        Message = message;
        FinishTime = now;
    }
}
