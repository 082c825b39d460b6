using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>Linked entries of one transaction, as the columns that one statement takes.</summary>
internal sealed class AccessBatch(Guid writerId, Instant entryTime, long firstSequence, byte[] previousHash, int count)
{
    private int _filled;

    public Guid WriterId { get; } = writerId;

    public Instant EntryTime { get; } = entryTime;

    public LocalDate Month => EntryTime.InUtc().Date.With(DateAdjusters.StartOfMonth);

    public long FirstSequence { get; } = firstSequence;

    public long LastSequence => FirstSequence + _filled - 1;

    public byte[] PreviousHash { get; } = previousHash;

    public byte[] LastHash => Hashes[_filled - 1];

    public long[] Sequences { get; } = new long[count];

    public Guid[] TenantIds { get; } = new Guid[count];

    public Instant[] AccessTimes { get; } = new Instant[count];

    public long[] Durations { get; } = new long[count];

    public string[] CallerKinds { get; } = new string[count];

    public string[] CallerNames { get; } = new string[count];

    public Guid?[] PersonIds { get; } = new Guid?[count];

    public string?[] Roles { get; } = new string?[count];

    public Guid?[] SessionIds { get; } = new Guid?[count];

    public string[] Methods { get; } = new string[count];

    public string[] Objects { get; } = new string[count];

    public string[] Outcomes { get; } = new string[count];

    public string[] Reasons { get; } = new string[count];

    public byte[][] PreviousHashes { get; } = new byte[count][];

    public byte[][] Hashes { get; } = new byte[count][];

    public void Add(AccessDraft draft, byte[] previous, byte[] hash)
    {
        var i = _filled++;
        Sequences[i] = FirstSequence + i;
        TenantIds[i] = draft.TenantId;
        AccessTimes[i] = draft.AccessTime;
        Durations[i] = draft.DurationMicros;
        CallerKinds[i] = draft.CallerKind;
        CallerNames[i] = draft.CallerName;
        PersonIds[i] = draft.PersonId;
        Roles[i] = draft.Role;
        SessionIds[i] = draft.SessionId;
        Methods[i] = draft.Method;
        Objects[i] = draft.Objects;
        Outcomes[i] = AccessEntryProto.Text(draft.Outcome);
        Reasons[i] = draft.Reason;
        PreviousHashes[i] = previous;
        Hashes[i] = hash;
    }
}
