using System.Diagnostics.CodeAnalysis;

namespace Kalisecu.Certificates;

/// <summary>What a certificate's holder is; the first path segment of its URI SAN.</summary>
internal enum SpiffeKind
{
    Server = 1,
    Frontend = 2,
    Worker = 3,
    Agent = 4,
    Operator = 5,
}

/// <summary>The identity in a certificate: <c>spiffe://&lt;trust-domain&gt;/&lt;kind&gt;/&lt;name&gt;</c>.</summary>
internal sealed record SpiffeId
{
    private const string Scheme = "spiffe://";

    // RFC 1123 and RFC 5280: a host name of at most 253 characters.
    private const int MaximumTrustDomainLength = 253;

    // Ours: long enough for a UUID or a host's short name, short enough for a log line.
    private const int MaximumNameLength = 64;

    public SpiffeId(string trustDomain, SpiffeKind kind, string name)
    {
        if (!IsTrustDomain(trustDomain))
        {
            throw new ArgumentException(
                $"'{trustDomain}' is no trust domain: small letters, digits, '-' and '.' only",
                nameof(trustDomain)
            );
        }

        if (!IsName(name))
        {
            throw new ArgumentException(
                $"'{name}' is no name: 1 to {MaximumNameLength} letters, digits, '.', '_' and '-'",
                nameof(name)
            );
        }

        TrustDomain = trustDomain;
        Kind = kind;
        Name = name;
    }

    public string TrustDomain { get; }

    public SpiffeKind Kind { get; }

    public string Name { get; }

    /// <summary>Reads strictly: what is not exactly an identity of ours is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SpiffeId? id)
    {
        id = null;
        if (text is null || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = text[Scheme.Length..].Split('/');
        if (parts.Length != 3 || !IsTrustDomain(parts[0]) || ReadKind(parts[1]) is not { } kind || !IsName(parts[2]))
        {
            return false;
        }

        id = new SpiffeId(parts[0], kind, parts[2]);
        return true;
    }

    public static SpiffeKind? ReadKind(string text) =>
        text switch
        {
            "server" => SpiffeKind.Server,
            "frontend" => SpiffeKind.Frontend,
            "worker" => SpiffeKind.Worker,
            "agent" => SpiffeKind.Agent,
            "operator" => SpiffeKind.Operator,
            _ => null,
        };

    public static string Word(SpiffeKind kind) =>
        kind switch
        {
            SpiffeKind.Server => "server",
            SpiffeKind.Frontend => "frontend",
            SpiffeKind.Worker => "worker",
            SpiffeKind.Agent => "agent",
            SpiffeKind.Operator => "operator",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
        };

    public override string ToString() => $"{Scheme}{TrustDomain}/{Word(Kind)}/{Name}";

    public static bool IsTrustDomain(string text) =>
        text.Length is > 0 and <= MaximumTrustDomainLength
        && text[0] is not ('.' or '-')
        && text[^1] is not ('.' or '-')
        && !text.Contains("..", StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');

    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaximumNameLength
        && text is not ("." or "..")
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
