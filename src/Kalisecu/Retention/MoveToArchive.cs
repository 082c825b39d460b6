using Kalisecu.Evidence;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>Writes the archive that a client chose, before its data is deleted. A repeat after the end changes nothing.</summary>
internal sealed class MoveToArchive(
    TenantDatabase database,
    WriteArchive write,
    ObjectFolder objects,
    EvidenceLog evidence,
    IClock clock
)
{
    // Far beyond any client's data; what is larger needs a person.
    private const long MaximumBytes = 1L << 40;

    public async Task RunAsync(Guid tenantId, string actor, CancellationToken cancellationToken)
    {
        var wanted = await database.InTenantAsync(
            tenantId,
            db => Requested(db, tenantId).SingleOrDefaultAsync(cancellationToken),
            cancellationToken
        );
        if (wanted is null)
        {
            return;
        }

        // What a run left that died before its row said so.
        objects.RemoveAll(wanted.ArchiveId);
        await using var pending = await objects.PrepareAsync(
            wanted.ArchiveId,
            destination => write.RunAsync(tenantId, destination, cancellationToken),
            MaximumBytes,
            cancellationToken
        );
        await database.InTenantAsync(
            tenantId,
            async db =>
            {
                var archive = await Requested(db, tenantId).SingleAsync(cancellationToken);
                archive.Write(pending.Publish(), clock.GetCurrentInstant());
                await db.SaveChangesAsync(cancellationToken);
                await evidence.AppendAsync(
                    db,
                    "archive.written",
                    archive.ArchiveId,
                    actor,
                    new Dictionary<string, object?>(StringComparer.Ordinal)
                    {
                        ["size_bytes"] = archive.SizeBytes,
                        ["digest"] = Convert.ToHexStringLower(archive.Digest!),
                    },
                    cancellationToken
                );
            },
            cancellationToken
        );
    }

    private static IQueryable<ClientArchive> Requested(KalisecuDb db, Guid tenantId) =>
        db.Set<ClientArchive>().Where(a => a.TenantId == tenantId && a.State == ArchiveState.Requested);
}
