using Grpc.Core;
using Kalisecu.Access;
using Kalisecu.Accounts;
using Kalisecu.Agents;
using Kalisecu.Certificates;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>Turns a connection's certificate and a call's headers into the caller.</summary>
internal sealed class CallerIdentification(
    SessionDirectory sessions,
    AgentDirectory agents,
    TenantDirectory tenants,
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
        var peer = FindPeer(context) ?? peers.Read(http.Connection.ClientCertificate);
        var caller = new Caller(peer.Kind, peer.Name, peer.AgentId, null, null);
        caller.Attach(context);
        if (peer.Kind is CallerKind.Enrolling)
        {
            return caller;
        }

        if (peer.ExpireTime <= clock.GetCurrentInstant())
        {
            throw AccessErrors.CertificateNotAccepted();
        }

        return peer.AgentId is { } agentId
            ? await IdentifyAgentAsync(peer, agentId, cancellationToken)
            : await IdentifyPersonAsync(caller, http.Request.Headers, cancellationToken);
    }

    /// <summary>
    /// Whose connection it is; null when its certificate is not accepted (any more), which identification refuses in full.
    /// The certificate is read once a connection; its end is looked at in each call.
    /// </summary>
    public PeerIdentity? FindPeer(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var items = http.Features.Get<IConnectionItemsFeature>()!.Items;
        if (items.ContainsKey(EnrolmentPort.Mark))
        {
            return PeerIdentity.Enrolling;
        }

        if (!items.TryGetValue(PeerKey, out var known))
        {
            var certificate = http.Connection.ClientCertificate;
            items[PeerKey] = known = peers.Accepts(certificate) ? peers.Read(certificate) : null;
        }

        return (PeerIdentity?)known;
    }

    /// <summary>For calls inside one tenant: there is one, the caller may work in it, and it exists.</summary>
    public async ValueTask RequireTenantAsync(Caller caller, ServerCallContext context)
    {
        if (caller.TenantId is not { } tenant)
        {
            throw AccessErrors.TenantRequired();
        }

        // Whoever belongs to a tenant need not name it; a client that names another one is mistaken about whose data it gets.
        var headers = context.GetHttpContext().Request.Headers;
        if (headers.ContainsKey(TenantHeader) && NamedTenant(headers) != tenant)
        {
            throw AccessErrors.TenantNotAllowed();
        }

        var isChosen = caller is { AgentId: null, Person: null or { IsStaff: true } };
        if (isChosen && !await tenants.ExistsAsync(tenant, context.CancellationToken))
        {
            throw GeneralErrors.NotFound("tenant", tenant);
        }
    }

    /// <summary>Whether the caller has no tenant and chose none; one who wrote the choice wrongly chose all the same.</summary>
    public static bool NamesNoTenant(Caller caller, ServerCallContext context) =>
        caller.TenantId is null && !context.GetHttpContext().Request.Headers.ContainsKey(TenantHeader);

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

        // A member's tenant is the member's own; staff and operators name one.
        return caller with
        {
            TenantId = caller.Person is { IsStaff: false } member ? member.TenantId : NamedTenant(headers),
        };
    }

    private static Guid? NamedTenant(IHeaderDictionary headers) =>
        Guid.TryParseExact(headers[TenantHeader].ToString(), "D", out var tenant) && tenant != Guid.Empty
            ? tenant
            : null;
}
