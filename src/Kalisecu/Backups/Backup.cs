using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Backups;

internal enum BackupKind
{
    /// <summary>Everything.</summary>
    Full,

    /// <summary>What changed since the newest backup; it needs that one.</summary>
    Incremental,
}

/// <summary>A backup that was taken, with what was seen in the database at its moment.</summary>
internal sealed class Backup
{
    private Backup() { }

    public Guid BackupId { get; private init; }

    public string Label { get; private init; } = "";

    public BackupKind Kind { get; private init; }

    public Instant StartTime { get; private init; }

    public Instant EndTime { get; private init; }

    public long SizeBytes { get; private init; }

    public long RepositoryBytes { get; private init; }

    public bool IsEncrypted { get; private init; }

    public string RestorePoint { get; private init; } = "";

    public string WalStart { get; private init; } = "";

    public string WalStop { get; private init; } = "";

    public int TableCount { get; private init; }

    public long RowCount { get; private init; }

    public byte[] ManifestDigest { get; private init; } = [];

    public long CopiedFiles { get; private init; }

    public long CopiedBytes { get; private init; }

    public byte[] CopyDigest { get; private init; } = [];

    public Guid RunId { get; private init; }

    public Instant? ExpireTime { get; private set; }

    public static Backup Of(
        RepositoryBackup taken,
        bool isEncrypted,
        BackupManifest manifest,
        CopiedFiles copies,
        Guid runId,
        Instant now
    ) =>
        new()
        {
            BackupId = Ids.New(now),
            Label = taken.Label,
            Kind = taken.Kind,
            StartTime = taken.StartTime,
            EndTime = taken.EndTime,
            SizeBytes = taken.SizeBytes,
            RepositoryBytes = taken.RepositoryBytes,
            IsEncrypted = isEncrypted,
            RestorePoint = manifest.RestorePoint,
            WalStart = taken.WalStart,
            WalStop = taken.WalStop,
            TableCount = manifest.Tables.Count,
            RowCount = manifest.Tables.Values.Sum(t => t.Rows),
            ManifestDigest = manifest.Digest(),
            CopiedFiles = copies.Files,
            CopiedBytes = copies.Bytes,
            CopyDigest = copies.Digest,
            RunId = runId,
        };

    /// <summary>The repository no longer has it. A repeat changes nothing.</summary>
    public void Expire(Instant now) => ExpireTime ??= Moment.Stored(now);
}
