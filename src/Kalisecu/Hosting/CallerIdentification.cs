using Grpc.Core;
using Kalisecu.Access;
using Kalisecu.Accounts;
using Kalisecu.Agents;
using Kalisecu.Certificates;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>Turns a connection's certificate and a call's headers into the caller.</summary>
internal sealed class CallerIdentification(
    SessionDirectory sessions,
    AgentDirectory agents,
    PeerCertificates peers,
    IClock clock
)
{
    public const string SessionHeader = "kalisecu-session";
    public const string TenantHeader = "kalisecu-tenant";

    private static readonly object PeerKey = typeof(PeerIdentity);

    /// <summary>Who calls. What is known of one who is refused on the way is attached: the log entry names it.</summary>
    public async ValueTask<Caller> IdentifyAsync(ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        var http = context.GetHttpContext();
        var items = http.Features.Get<IConnectionItemsFeature>()!.Items;
        if (items.ContainsKey(EnrolmentPort.Mark))
        {
            return new Caller(CallerKind.Enrolling, "enrolling", null, null, null);
        }

        // The certificate is read once a connection; its end is looked at in each call.
        if (!items.TryGetValue(PeerKey, out var known))
        {
            items[PeerKey] = known = peers.Read(http.Connection.ClientCertificate);
        }

        var peer = (PeerIdentity)known!;
        var caller = new Caller(peer.Kind, peer.Name, peer.AgentId, null, null);
        caller.Attach(context);
        if (peer.ExpireTime <= clock.GetCurrentInstant())
        {
            throw AccessErrors.CertificateNotAccepted();
        }

        return peer.AgentId is { } agentId
            ? await IdentifyAgentAsync(peer, agentId, cancellationToken)
            : await IdentifyPersonAsync(caller, http.Request.Headers, cancellationToken);
    }

    private async ValueTask<Caller> IdentifyAgentAsync(
        PeerIdentity peer,
        Guid agentId,
        CancellationToken cancellationToken
    )
    {
        var agent = await agents.FindAsync(agentId, cancellationToken) ?? throw AccessErrors.CertificateNotAccepted();
        return agent.IsRevoked
            ? throw AccessErrors.AgentRevoked()
            : new Caller(CallerKind.Agent, peer.Name, agentId, null, agent.TenantId);
    }

    private async ValueTask<Caller> IdentifyPersonAsync(
        Caller caller,
        IHeaderDictionary headers,
        CancellationToken cancellationToken
    )
    {
        if (headers.TryGetValue(SessionHeader, out var token))
        {
            var person = await sessions.FindAsync(token.ToString(), cancellationToken);
            caller = caller with { Person = person ?? throw AccessErrors.SessionNotValid() };
        }

        // A member's tenant is the member's own, whatever the header says; staff and operators name one.
        if (caller.Person is { IsStaff: false } member)
        {
            return caller with { TenantId = member.TenantId };
        }

        return headers.TryGetValue(TenantHeader, out var named)
            ? caller with
            {
                TenantId = ReadTenant(named.ToString()),
            }
            : caller;
    }

    private static Guid ReadTenant(string value)
    {
        var violations = new Violations();
        var tenant = Fields.Id(value, TenantHeader, violations);
        violations.ThrowIfAny();
        return tenant;
    }
}
