using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Scans;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Agents;

/// <summary>Which agents a list shows, oldest first.</summary>
internal sealed record AgentFilter(
    IReadOnlyCollection<AgentState> States,
    PageRequest Page,
    (Instant CreateTime, Guid AgentId)? After
)
{
    public static AgentFilter Read(V1.ListAgentsRequest request)
    {
        var violations = new Violations();
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        var read = new AgentFilter(
            [.. request.States.Select((state, i) => AgentProto.Read(state, $"states[{i}]", violations))],
            page,
            page.After is null ? null : ReadKeys(page.After)
        );
        violations.ThrowIfAny();
        return read;
    }

    /// <summary>The page and one agent more, if there is one.</summary>
    public IQueryable<Agent> Apply(KalisecuDb db)
    {
        var tenantId = db.TenantId();
        var agents = db.Set<Agent>().AsNoTracking().Where(a => a.TenantId == tenantId);
        if (States.Count > 0)
        {
            var (waiting, enrolled, revoked) = (
                States.Contains(AgentState.Waiting),
                States.Contains(AgentState.Enrolled),
                States.Contains(AgentState.Revoked)
            );
            agents = agents.Where(a =>
                (revoked && a.RevokeTime != null)
                || (enrolled && a.RevokeTime == null && a.EnrolTime != null)
                || (waiting && a.RevokeTime == null && a.EnrolTime == null)
            );
        }

        if (After is { } after)
        {
            agents = agents.Where(a =>
                a.CreateTime > after.CreateTime
                || (a.CreateTime == after.CreateTime && a.AgentId.CompareTo(after.AgentId) > 0)
            );
        }

        return agents.OrderBy(a => a.CreateTime).ThenBy(a => a.AgentId).Take(Page.Size + 1);
    }

    private static (Instant, Guid) ReadKeys(IReadOnlyList<string> keys) =>
        InstantPattern.ExtendedIso.Parse(keys[0]) is { Success: true } time && Guid.TryParse(keys[1], out var id)
            ? (time.Value, id)
            : throw GeneralErrors.PageTokenInvalid();
}
