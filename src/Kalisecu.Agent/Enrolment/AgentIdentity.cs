using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Kalisecu.Agents.V1;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Agent.Enrolment;

/// <summary>
/// Who this agent is: key, certificate, authorities and server in one file, so that a renewal replaces all of them or none.
/// </summary>
internal sealed record AgentIdentity(
    Guid AgentId,
    Guid TenantId,
    string DisplayName,
    Uri Server,
    string Key,
    IReadOnlyList<string> Chain,
    IReadOnlyList<string> TrustRoots,
    string RenewTime,
    string ExpireTime
)
{
    private const string FileName = "identity.json";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public Instant RenewsAt => InstantPattern.ExtendedIso.Parse(RenewTime).Value;

    public Instant ExpiresAt => InstantPattern.ExtendedIso.Parse(ExpireTime).Value;

    public static AgentIdentity Make(EnrolAgentResponse enrolled, Uri server, ECDsa key) =>
        new AgentIdentity(
            Guid.Parse(enrolled.AgentId),
            Guid.Parse(enrolled.TenantId),
            enrolled.DisplayName,
            server,
            "",
            [],
            [],
            "",
            ""
        ).With(enrolled.Certificate, key);

    /// <summary>The same agent with another certificate.</summary>
    public AgentIdentity With(IssuedCertificate issued, ECDsa key) =>
        this with
        {
            Key = key.ExportPkcs8PrivateKeyPem(),
            Chain = [.. issued.Chain.Select(der => Pem(der.Span))],
            TrustRoots = [.. issued.TrustRoots.Select(der => Pem(der.Span))],
            RenewTime = Write(issued.RenewTime),
            ExpireTime = Write(issued.ExpireTime),
        };

    /// <summary>The agent of this folder, or the problem that there is none.</summary>
    public static AgentIdentity Load(StateFolder state)
    {
        var text = state.Read(FileName) ?? throw AgentProblem.NotEnrolled(state.Path);
        try
        {
            var identity = JsonSerializer.Deserialize<AgentIdentity>(text);
            if (identity is { Chain.Count: > 0, TrustRoots.Count: > 0 })
            {
                _ = identity.ExpiresAt > identity.RenewsAt;
                return identity;
            }
        }
        catch (Exception exception) when (exception is JsonException or UnparsableValueException)
        {
            // Answered below like a file with half of what is needed.
        }

        throw AgentProblem.StateDamaged(state.File(FileName));
    }

    public void Save(StateFolder state) => state.Write(FileName, JsonSerializer.Serialize(this, Readable));

    public X509Certificate2 Certificate() => X509Certificate2.CreateFromPem(Chain[0], Key);

    public X509Certificate2Collection Authorities()
    {
        var authorities = new X509Certificate2Collection();
        foreach (var root in TrustRoots)
        {
            authorities.ImportFromPem(root);
        }

        return authorities;
    }

    private static string Pem(ReadOnlySpan<byte> der) => PemEncoding.WriteString("CERTIFICATE", der);

    private static string Write(Google.Protobuf.WellKnownTypes.Timestamp time) =>
        InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeSeconds(time.Seconds).PlusNanoseconds(time.Nanos));
}
