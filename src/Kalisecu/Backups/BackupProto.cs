using Google.Protobuf;
using Kalisecu.Errors;

namespace Kalisecu.Backups;

/// <summary>Wire to domain and back.</summary>
internal static class BackupProto
{
    public static Guid ReadId(string backupId)
    {
        var violations = new Violations();
        var id = Fields.Id(backupId, "backup_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static V1.Backup Write(Backup backup, BackupVerification? last)
    {
        var written = new V1.Backup
        {
            BackupId = backup.BackupId.ToString("D"),
            Label = backup.Label,
            Kind = backup.Kind switch
            {
                BackupKind.Full => V1.BackupKind.Full,
                BackupKind.Incremental => V1.BackupKind.Incremental,
                _ => throw new InvalidOperationException($"No kind of backup: {backup.Kind}"),
            },
            StartTime = Fields.Write(backup.StartTime),
            EndTime = Fields.Write(backup.EndTime),
            SizeBytes = backup.SizeBytes,
            RepositoryBytes = backup.RepositoryBytes,
            Encrypted = backup.IsEncrypted,
            TableCount = backup.TableCount,
            RowCount = backup.RowCount,
            ManifestDigest = ByteString.CopyFrom(backup.ManifestDigest),
            CopiedFileCount = backup.CopiedFiles,
            CopiedBytes = backup.CopiedBytes,
            ExpireTime = backup.ExpireTime is { } expired ? Fields.Write(expired) : null,
        };
        if (last is not null)
        {
            written.LastVerification = Write(last);
        }

        return written;
    }

    public static V1.BackupVerification Write(BackupVerification verification) =>
        new()
        {
            VerificationId = verification.VerificationId.ToString("D"),
            BackupId = verification.BackupId.ToString("D"),
            StartTime = Fields.Write(verification.StartTime),
            EndTime = Fields.Write(verification.EndTime),
            Outcome = verification.Outcome switch
            {
                VerificationOutcome.Passed => V1.VerificationOutcome.Passed,
                VerificationOutcome.Failed => V1.VerificationOutcome.Failed,
                _ => throw new InvalidOperationException($"No outcome: {verification.Outcome}"),
            },
            Problems = { verification.Problems },
            Figures = { verification.ReadFigures().ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal) },
        };
}
