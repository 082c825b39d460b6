using Kalisecu.Evidence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Backups;

/// <summary>What is recorded of backups and their trials, with evidence.</summary>
internal sealed class BackupRecords(AllTenants allTenants, BackupOptions options, EvidenceLog evidence, IClock clock)
{
    /// <summary>The newest backup that was taken; null when there is none.</summary>
    public Task<Backup?> NewestAsync(CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            db =>
                db.Set<Backup>()
                    .AsNoTracking()
                    .Where(b => b.ExpireTime == null)
                    .OrderByDescending(b => b.StartTime)
                    .ThenByDescending(b => b.BackupId)
                    .FirstOrDefaultAsync(cancellationToken),
            cancellationToken
        );

    /// <summary>Records a new backup, and which older ones the repository no longer has.</summary>
    public async Task AddAsync(Backup backup, Repository repository, string actor, CancellationToken cancellationToken)
    {
        var labels = repository.Backups.Select(b => b.Label).ToHashSet(StringComparer.Ordinal);
        var gone = await allTenants.RunAsync(
            async db =>
            {
                var expired = await db.Set<Backup>()
                    .Where(b => b.ExpireTime == null && !labels.Contains(b.Label))
                    .ToListAsync(cancellationToken);
                expired.ForEach(b => b.Expire(clock.GetCurrentInstant()));
                db.Add(backup);
                await db.SaveChangesAsync(cancellationToken);
                await evidence.AppendAsync(
                    db,
                    "backup.taken",
                    backup.BackupId,
                    actor,
                    Facts(backup, expired.Count),
                    cancellationToken
                );
                return expired.ConvertAll(b => b.Label);
            },
            cancellationToken
        );
        gone.ForEach(label => ManifestFile.Remove(options, label));
    }

    public Task AddAsync(
        BackupVerification verification,
        Backup backup,
        string actor,
        CancellationToken cancellationToken
    ) =>
        allTenants.RunAsync(
            async db =>
            {
                db.Add(verification);
                await db.SaveChangesAsync(cancellationToken);
                var facts = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["label"] = backup.Label,
                    ["outcome"] = verification.Outcome.ToString(),
                    ["problems"] = verification.Problems.Count,
                };
                foreach (var (name, value) in verification.ReadFigures())
                {
                    facts[name] = value;
                }

                await evidence.AppendAsync(
                    db,
                    "backup.verified",
                    verification.VerificationId,
                    actor,
                    facts,
                    cancellationToken
                );
                return true;
            },
            cancellationToken
        );

    private static Dictionary<string, object?> Facts(Backup backup, int expired) =>
        new(StringComparer.Ordinal)
        {
            ["label"] = backup.Label,
            ["kind"] = backup.Kind.ToString(),
            ["encrypted"] = backup.IsEncrypted,
            ["size_bytes"] = backup.SizeBytes,
            ["repository_bytes"] = backup.RepositoryBytes,
            ["tables"] = backup.TableCount,
            ["rows"] = backup.RowCount,
            ["manifest"] = Convert.ToHexStringLower(backup.ManifestDigest),
            ["copied_files"] = backup.CopiedFiles,
            ["copies"] = Convert.ToHexStringLower(backup.CopyDigest),
            ["expired"] = expired,
        };
}
