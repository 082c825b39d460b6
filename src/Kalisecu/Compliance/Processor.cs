using Kalisecu.Objects;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Compliance;

internal enum ProcessorRole
{
    Hosting,
    Payment,
    Email,
    Signature,
    Other,
}

/// <summary>One version of an entry of the register of processors. It never changes; it ends when the next one begins.</summary>
internal sealed class Processor
{
    private Processor() { }

    public string Name { get; private init; } = "";

    public int Version { get; private init; }

    public string LegalName { get; private init; } = "";

    public ProcessorRole Role { get; private init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; private init; } = "";

    public Purpose[] Purposes { get; private init; } = [];

    /// <summary>Names of hosts; <c>*.</c> in front stands for all below.</summary>
    public string[] Hosts { get; private init; } = [];

    /// <summary>The adequacy decision; empty when there is none, or none is needed.</summary>
    public string Adequacy { get; private init; } = "";

    /// <summary>Where it is told of rectifications, restrictions and erasures (GDPR art. 19); empty where staff do it by hand.</summary>
    public string PrivacyContact { get; private init; } = "";

    public LocalDate? AgreementDate { get; private init; }

    public string? AgreementObject { get; private init; }

    public byte[]? AgreementDigest { get; private init; }

    public long? AgreementSizeBytes { get; private init; }

    public Instant StartTime { get; private init; }

    public Instant? EndTime { get; private set; }

    public bool IsInEea => EuropeanEconomicArea.Contains(Country);

    /// <summary>Clause SUB-3: within the European Economic Area, or with an adequacy decision.</summary>
    public bool IsAdequate => IsInEea || Adequacy.Length > 0;

    public bool HasAgreement => AgreementDate is not null && AgreementObject is not null;

    public static Processor Enter(ProcessorDraft draft, int version, Processor? before, Instant now) =>
        new()
        {
            Name = draft.Name,
            Version = version,
            LegalName = draft.LegalName,
            Role = draft.Role,
            Country = draft.Country,
            Purposes = [.. draft.Purposes],
            Hosts = [.. draft.Hosts],
            Adequacy = draft.Adequacy,
            PrivacyContact = draft.PrivacyContact,
            // The agreement is with the company: another one has to sign its own.
            AgreementDate = Same(before, draft) ? before!.AgreementDate : null,
            AgreementObject = Same(before, draft) ? before!.AgreementObject : null,
            AgreementDigest = Same(before, draft) ? before!.AgreementDigest : null,
            AgreementSizeBytes = Same(before, draft) ? before!.AgreementSizeBytes : null,
            StartTime = Moment.Stored(now),
        };

    /// <summary>The next version, with a signed agreement.</summary>
    public Processor WithAgreement(LocalDate date, StoredObject document, Instant now) =>
        new()
        {
            Name = Name,
            Version = Version + 1,
            LegalName = LegalName,
            Role = Role,
            Country = Country,
            Purposes = Purposes,
            Hosts = Hosts,
            Adequacy = Adequacy,
            PrivacyContact = PrivacyContact,
            AgreementDate = date,
            AgreementObject = document.Name,
            AgreementDigest = document.Digest,
            AgreementSizeBytes = document.SizeBytes,
            StartTime = Moment.Stored(now),
        };

    public void End(Instant now) => EndTime = Moment.Stored(now);

    public bool Owns(string host) =>
        Hosts.Any(h =>
            h.StartsWith("*.", StringComparison.Ordinal)
                ? host.EndsWith(h[1..], StringComparison.OrdinalIgnoreCase)
                : string.Equals(h, host, StringComparison.OrdinalIgnoreCase)
        );

    private static bool Same(Processor? before, ProcessorDraft draft) =>
        string.Equals(before?.LegalName, draft.LegalName, StringComparison.Ordinal);
}

/// <summary>An entry to be made, known to be valid.</summary>
internal sealed record ProcessorDraft(
    string Name,
    string LegalName,
    ProcessorRole Role,
    string Country,
    IReadOnlyList<Purpose> Purposes,
    IReadOnlyList<string> Hosts,
    string Adequacy,
    string PrivacyContact
);
