using System.Security.Cryptography;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>How far this database is known to agree with the journal.</summary>
internal sealed class JournalMark
{
    public const int OnlyId = 1;

    private JournalMark() { }

    public int MarkId { get; private init; } = OnlyId;

    public long EntryCount { get; private set; }

    public byte[] Hash { get; private set; } = new byte[SHA256.HashSizeInBytes];

    public Instant UpdateTime { get; private set; }

    public static JournalMark AtStart(Instant now) => new() { UpdateTime = Moment.Stored(now) };

    public void MoveTo(JournalLine line, Instant now)
    {
        EntryCount = line.Number;
        Hash = Convert.FromHexString(line.Hash);
        UpdateTime = Moment.Stored(now);
    }
}
