using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Scans;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>Opens a stream: the lease is held, the site may be scanned, and the plan follows from what stands there.</summary>
internal sealed class OpenPush(TenantDatabase database, CheckCatalogue catalogue, IClock clock)
{
    /// <summary>How long a lease lives on after its stream; renewed well within while the stream is open.</summary>
    public static readonly Duration LeaseFor = Duration.FromMinutes(10);

    // Agents' clocks are a little wrong; a start in the future beyond that is a mistake.
    private static readonly Duration ClockSkew = Duration.FromMinutes(10);

    public async Task<PushTarget> RunAsync(Caller caller, V1.PushOpen open, CancellationToken cancellationToken)
    {
        var draft = Read(open);
        return await database.InTenantAsync(
            caller.Tenant,
            db => OpenAsync(db, caller, open, draft, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>A stream that is open keeps its lease alive.</summary>
    public Task KeepLeaseAsync(PushTarget target, CancellationToken cancellationToken) =>
        database.InTenantAsync(
            target.TenantId,
            db =>
                PushSql.RunAsync(
                    db,
                    PushSql.KeepLease,
                    cancellationToken,
                    target.TenantId,
                    target.ScanId,
                    target.PushId,
                    clock.GetCurrentInstant() + LeaseFor
                ),
            cancellationToken
        );

    /// <summary>Why a scan was taken from its stream: its site may not be tested any more, or it was cancelled.</summary>
    public Task<Refusal> WhyEndedAsync(PushTarget target, CancellationToken cancellationToken) =>
        database.InTenantAsync(
            target.TenantId,
            async db =>
            {
                var place = await SitePlace.GetAsync(db, target.SiteId, clock.GetCurrentInstant(), cancellationToken);
                return place.WhyNot(target.TenantId) ?? ScanErrors.Finished(target.ScanId, ScanState.Cancelled);
            },
            cancellationToken
        );

    private Draft Read(V1.PushOpen open)
    {
        var violations = new Violations();
        var draft = new Draft(
            Fields.Id(open.ScanId, "open.scan_id", violations),
            Fields.OptionalId(open.LeaseId, "open.lease_id", violations),
            Fields.Id(open.SiteId, "open.site_id", violations),
            Fields.Time(open.StartTime, "open.start_time", violations),
            Fields.Time(open.EndTime, "open.end_time", violations)
        );
        var version = Fields.Text(open.ToolVersion, "open.tool_version", 0, 100, violations);
        violations.Check(
            string.Equals(version, open.ToolVersion, StringComparison.Ordinal),
            "open.tool_version",
            "must not begin or end with white space"
        );
        violations.Check(open.ContentDigest.Length == 32, "open.content_digest", "must have 32 bytes");
        violations.Check(open.OccurrenceCount <= 10_000_000, "open.occurrence_count", "must be at most 10,000,000");
        violations.Check(open.FindingCount <= 100_000, "open.finding_count", "must be at most 100,000");
        violations.Check(open.ObservationCount <= 100_000, "open.observation_count", "must be at most 100,000");
        violations.Check(draft.End >= draft.Start, "open.end_time", "must not be before start_time");
        violations.Check(
            draft.Start <= clock.GetCurrentInstant() + ClockSkew,
            "open.start_time",
            "must not be in the future"
        );
        violations.Check(
            open.Tool.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'),
            "open.tool",
            "must be of a-z, 0-9, dot, hyphen and underscore"
        );
        violations.ThrowIfAny();
        return draft;
    }

    /// <summary>What the agent's catalogue names otherwise: its findings would be taken for others.</summary>
    private IReadOnlyList<RenamedRule> Renamed(V1.PushOpen open) =>
        catalogue.RenamedSince(open.CatalogueVersion, open.Tool) ?? throw PushErrors.CatalogueTooOld(catalogue.Version);

    private async Task<PushTarget> OpenAsync(
        KalisecuDb db,
        Caller caller,
        V1.PushOpen open,
        Draft draft,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var completed = await DemandLeaseAsync(db, caller, open, draft, now, cancellationToken);
        var target = new PushTarget(
            caller.Tenant,
            draft.ScanId,
            Ids.New(now),
            draft.SiteId,
            open.Tool,
            caller.Actor,
            now,
            open,
            catalogue.Version,
            await ReadScopeAsync(db, caller.Tenant, draft.SiteId, now, completed, cancellationToken)
        );
        if (completed)
        {
            return target with { IsUnchanged = true, IsResumed = true };
        }

        target = target with { Renamed = Renamed(open) };
        if (target.Renamed.Count > 0)
        {
            // It comes again with other ids: nothing of this stream is to stay.
            return target;
        }

        target = await PlanAsync(db, target, cancellationToken);
        await PushSql.RunAsync(
            db,
            PushSql.BeginPush,
            cancellationToken,
            target.TenantId,
            target.ScanId,
            target.PushId,
            target.SiteId,
            target.Tool
        );
        await PushSql.RunAsync(
            db,
            PushSql.ScanIsPushing,
            cancellationToken,
            target.TenantId,
            target.ScanId,
            open.ToolVersion,
            draft.Start,
            draft.End,
            now + LeaseFor
        );
        return target;
    }

    /// <summary>Answers whether the scan is completed with this very result: then the push is a repeat.</summary>
    private static async Task<bool> DemandLeaseAsync(
        KalisecuDb db,
        Caller caller,
        V1.PushOpen open,
        Draft draft,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var command = PushSql.Command(db, PushSql.LockScan, caller.Tenant, draft.ScanId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            throw ScanErrors.NoLease(draft.ScanId);
        }

        var state = Enum.Parse<ScanState>(row.GetString(2));
        var agent = await row.IsDBNullAsync(3, cancellationToken) ? (Guid?)null : row.GetGuid(3);
        var lease = await row.IsDBNullAsync(4, cancellationToken) ? (Guid?)null : row.GetGuid(4);
        var expire = await row.IsDBNullAsync(5, cancellationToken)
            ? (Instant?)null
            : await row.GetFieldValueAsync<Instant>(5, cancellationToken);
        if (state is ScanState.Completed && agent == caller.AgentId)
        {
            return (await row.GetFieldValueAsync<byte[]>(6, cancellationToken))
                .AsSpan()
                .SequenceEqual(open.ContentDigest.Span)
                ? true
                : throw ScanErrors.Finished(draft.ScanId, state);
        }

        LeaseCheck.Demand(new LeaseFacts(draft.ScanId, state, agent, lease, expire), caller.Agent, draft.LeaseId, now);
        if (row.GetGuid(0) != draft.SiteId || !string.Equals(row.GetString(1), open.Tool, StringComparison.Ordinal))
        {
            throw ScanErrors.Differs(draft.ScanId);
        }

        return false;
    }

    private static async Task<AuthorisedScope> ReadScopeAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid siteId,
        Instant now,
        bool completed,
        CancellationToken cancellationToken
    )
    {
        var place = await SitePlace.GetAsync(db, siteId, now, cancellationToken);
        if (!completed)
        {
            place.DemandAuthorisation(tenantId);
        }

        return new AuthorisedScope(place.Origins);
    }

    private static async Task<PushTarget> PlanAsync(
        KalisecuDb db,
        PushTarget target,
        CancellationToken cancellationToken
    )
    {
        await using var command = PushSql.Command(
            db,
            PushSql.Standing,
            target.TenantId,
            target.SiteId,
            target.Tool,
            target.ScanId
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var (anyOpen, anyUnsettled, resumed) = (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2));
        var last = await row.IsDBNullAsync(3, cancellationToken)
            ? []
            : await row.GetFieldValueAsync<byte[]>(3, cancellationToken);
        return target with
        {
            IsUnchanged = !anyUnsettled && last.AsSpan().SequenceEqual(target.Open.ContentDigest.Span),
            NeedsIds = anyOpen || resumed,
            IsResumed = resumed,
        };
    }

    private sealed record Draft(Guid ScanId, Guid? LeaseId, Guid SiteId, Instant Start, Instant End);
}
