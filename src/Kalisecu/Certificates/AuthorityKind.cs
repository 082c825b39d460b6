namespace Kalisecu.Certificates;

/// <summary>Our two authorities. An agent's machine stands at the edge, so its authority can vouch for agents only.</summary>
internal enum AuthorityKind
{
    Services = 1,
    Agents = 2,
}

internal static class AuthorityKinds
{
    public static AuthorityKind For(SpiffeKind kind) =>
        kind == SpiffeKind.Agent ? AuthorityKind.Agents : AuthorityKind.Services;

    public static string Word(AuthorityKind kind) =>
        kind switch
        {
            AuthorityKind.Services => "services",
            AuthorityKind.Agents => "agents",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such authority"),
        };

    /// <summary>What the holder of a leaf certificate may use it for.</summary>
    public static string Purpose(SpiffeKind kind) =>
        kind == SpiffeKind.Server
            ? CertificateExtensions.ServerAuthentication
            : CertificateExtensions.ClientAuthentication;

    /// <summary>What leaves of an authority can be used for at most.</summary>
    public static IEnumerable<string> Purposes(AuthorityKind kind) =>
        kind switch
        {
            AuthorityKind.Services =>
            [
                CertificateExtensions.ServerAuthentication,
                CertificateExtensions.ClientAuthentication,
            ],
            AuthorityKind.Agents => [CertificateExtensions.ClientAuthentication],
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such authority"),
        };
}
