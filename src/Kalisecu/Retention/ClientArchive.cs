using Kalisecu.Objects;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Retention;

internal enum ArchiveState
{
    /// <summary>Chosen: the data is still on the dashboard.</summary>
    Requested,

    /// <summary>The data was moved into it.</summary>
    Written,
}

/// <summary>The archive that a client chose in place of deletion: its object has an owner, and so a key, of its own.</summary>
internal sealed class ClientArchive
{
    private ClientArchive() { }

    public Guid TenantId { get; private init; }

    /// <summary>Owns the object too.</summary>
    public Guid ArchiveId { get; private init; }

    public ArchiveState State { get; private set; }

    public Instant RequestTime { get; private init; }

    public string RequestActor { get; private init; } = "";

    public Instant? WriteTime { get; private set; }

    public string? ObjectName { get; private set; }

    public long SizeBytes { get; private set; }

    public byte[]? Digest { get; private set; }

    public static ClientArchive Request(Guid tenantId, string actor, Instant now) =>
        new()
        {
            TenantId = tenantId,
            ArchiveId = Ids.New(now),
            State = ArchiveState.Requested,
            RequestTime = Moment.Stored(now),
            RequestActor = actor,
        };

    public void Write(StoredObject stored, Instant now)
    {
        State = ArchiveState.Written;
        WriteTime = Moment.Stored(now);
        (ObjectName, SizeBytes, Digest) = (stored.Name, stored.SizeBytes, stored.Digest);
    }
}
