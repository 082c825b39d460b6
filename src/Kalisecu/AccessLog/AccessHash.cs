using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>
/// The digest of an entry over the digest of the one before it and all its columns, each at a fixed width or behind its
/// length: two different entries never give the same bytes. SHA-256, FIPS 180-4.
/// </summary>
internal sealed class AccessHash
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public byte[] Of(
        AccessDraft draft,
        Guid writerId,
        long sequence,
        Instant entryTime,
        ReadOnlySpan<byte> previousHash
    )
    {
        _bytes.ResetWrittenCount();
        _bytes.Write(previousHash);
        Add(writerId);
        Add(sequence);
        Add(entryTime.ToUnixTimeTicks());
        Add(draft.TenantId);
        Add(draft.AccessTime.ToUnixTimeTicks());
        Add(draft.DurationMicros);
        Add(draft.CallerKind);
        Add(draft.CallerName);
        Add(draft.PersonId ?? Guid.Empty);
        Add(draft.Role ?? "");
        Add(draft.SessionId ?? Guid.Empty);
        Add(draft.Method);
        Add(draft.Objects);
        Add((long)draft.Outcome);
        Add(draft.Reason);
        return SHA256.HashData(_bytes.WrittenSpan);
    }

    /// <summary>What the columns of a stored entry give; another digest than the stored one means that a column was changed.</summary>
    public byte[] Of(AccessEntry entry)
    {
        var draft = new AccessDraft(
            entry.TenantId,
            entry.AccessTime,
            entry.DurationMicros,
            entry.CallerKind,
            entry.CallerName,
            entry.PersonId,
            entry.Role,
            entry.SessionId,
            entry.Method,
            entry.Objects,
            entry.Outcome,
            entry.Reason
        );
        return Of(draft, entry.WriterId, entry.Sequence, entry.EntryTime, entry.PreviousHash);
    }

    private void Add(Guid value)
    {
        value.TryWriteBytes(_bytes.GetSpan(16), bigEndian: true, out var written);
        _bytes.Advance(written);
    }

    private void Add(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    private void Add(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        var span = _bytes.GetSpan(sizeof(int) + size);
        BinaryPrimitives.WriteInt32BigEndian(span, size);
        Encoding.UTF8.GetBytes(value, span[sizeof(int)..]);
        _bytes.Advance(sizeof(int) + size);
    }
}
