using System.Net;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>
/// Says whether data may go to a host (clauses HOST-1 and SUB-3): this machine and our own, and those of processors that are in
/// the register and in the European Union. Whoever opens a connection asks first, at every call.
/// </summary>
internal sealed class ResidencyGuard(AllTenants allTenants, ResidencySettings settings, IClock clock)
{
    // How long an ended entry may still be called; every call asking the database would cost a trip.
    private static readonly Duration RememberFor = Duration.FromMinutes(1);

    private IReadOnlyList<Processor> _register = [];
    private Instant _readTime = Instant.MinValue;

    /// <summary>Refuses HOST_NOT_LISTED or HOST_OUTSIDE_EU unless data may go there.</summary>
    public async ValueTask RequireListedAsync(string host, CancellationToken cancellationToken)
    {
        if (!IsOwn(host))
        {
            Require(host, await RegisterAsync(cancellationToken));
        }
    }

    public ValueTask RequireListedAsync(Uri address, CancellationToken cancellationToken) =>
        RequireListedAsync(address.IdnHost, cancellationToken);

    /// <summary>Refuses HOST_NOT_LISTED unless the host is ours, without asking the register.</summary>
    public void RequireOwn(string host)
    {
        if (!IsOwn(host))
        {
            throw ComplianceErrors.HostNotListed(WithoutPort(host));
        }
    }

    /// <summary>This machine, or one that the settings call ours.</summary>
    public bool IsOwn(string host)
    {
        var name = WithoutPort(host);
        return IsThisMachine(name)
            || settings.OwnHosts.Any(own =>
                own.StartsWith("*.", StringComparison.Ordinal)
                    ? name.EndsWith(own[1..], StringComparison.OrdinalIgnoreCase)
                    : string.Equals(own, name, StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>The processor whose host it is; null for our own hosts. Refuses as a call there would be.</summary>
    public Processor? Judge(string host, IReadOnlyList<Processor> register) =>
        IsOwn(host) ? null : Require(host, register);

    internal static bool IsThisMachine(string host) =>
        host.StartsWith('/')
        || host.StartsWith('@')
        || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Processor Require(string host, IReadOnlyList<Processor> register)
    {
        var name = WithoutPort(host);
        var owner = register.FirstOrDefault(p => p.Owns(name)) ?? throw ComplianceErrors.HostNotListed(name);
        return owner.IsInEea ? owner : throw ComplianceErrors.HostOutsideEu(name, owner.Country);
    }

    private async Task<IReadOnlyList<Processor>> RegisterAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        if (now - _readTime > RememberFor)
        {
            _register = await allTenants.RunAsync(
                db => Processors.CurrentAsync(db, cancellationToken),
                cancellationToken
            );
            _readTime = now;
        }

        return _register;
    }

    // A path of a Unix socket and an address of IPv6 hold colons that begin no port.
    private static string WithoutPort(string host) =>
        host.StartsWith('/') || host.Count(c => c == ':') != 1
            ? host
            : host[..host.IndexOf(':', StringComparison.Ordinal)];
}
