using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Evidence;

/// <summary>One link of a tenant's chain: what was done, with counts and digests, without personal content.</summary>
internal sealed class EvidenceEntry
{
    private EvidenceEntry() { }

    public Guid TenantId { get; private init; }

    public long Sequence { get; private init; }

    public Instant EntryTime { get; private init; }

    public string Kind { get; private init; } = "";

    public Guid SubjectId { get; private init; }

    public string Actor { get; private init; } = "";

    /// <summary>Counts and digests as JSON, in the normal form that PostgreSQL's jsonb keeps.</summary>
    public string Facts { get; private init; } = "{}";

    public byte[] PreviousHash { get; private init; } = [];

    public byte[] Hash { get; private init; } = [];

    public static EvidenceEntry After(
        EvidenceHead head,
        Instant now,
        string kind,
        Guid subjectId,
        string actor,
        string facts
    )
    {
        // PostgreSQL keeps microseconds: the hash must cover what will be read back.
        var time = Instant.FromUnixTimeTicks(now.ToUnixTimeTicks() / 10 * 10);
        var entry = new EvidenceEntry
        {
            TenantId = head.TenantId,
            Sequence = head.Sequence + 1,
            EntryTime = time,
            Kind = kind,
            SubjectId = subjectId,
            Actor = actor,
            Facts = facts,
            PreviousHash = head.Hash,
        };
        return entry.WithHash();
    }

    /// <summary>Recomputes the hash; a stored entry whose hash differs was changed.</summary>
    public byte[] ComputeHash()
    {
        var text = string.Join(
            '\n',
            TenantId.ToString("D"),
            Sequence,
            InstantPattern.ExtendedIso.Format(EntryTime),
            Kind,
            SubjectId.ToString("D"),
            Actor,
            Facts,
            Convert.ToHexStringLower(PreviousHash)
        );
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }

    private EvidenceEntry WithHash() =>
        new()
        {
            TenantId = TenantId,
            Sequence = Sequence,
            EntryTime = EntryTime,
            Kind = Kind,
            SubjectId = SubjectId,
            Actor = Actor,
            Facts = Facts,
            PreviousHash = PreviousHash,
            Hash = ComputeHash(),
        };
}

/// <summary>The newest link of a tenant's chain.</summary>
internal sealed class EvidenceHead
{
    public Guid TenantId { get; init; }

    public long Sequence { get; private set; }

    public byte[] Hash { get; private set; } = new byte[SHA256.HashSizeInBytes];

    public void MoveTo(EvidenceEntry entry)
    {
        Sequence = entry.Sequence;
        Hash = entry.Hash;
    }
}
