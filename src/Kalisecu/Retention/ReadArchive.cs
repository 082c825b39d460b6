using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Retention;

/// <summary>Hands an archive out: from the data itself before it is moved, from the object after that.</summary>
internal sealed class ReadArchive(WriteArchive write, ObjectFolder objects, EvidenceLog evidence)
{
    public async Task<ClientArchive> FindAsync(KalisecuDb db, Caller caller, CancellationToken cancellationToken)
    {
        var archive =
            await db.Set<ClientArchive>()
                .AsNoTracking()
                .SingleOrDefaultAsync(a => a.TenantId == caller.Tenant, cancellationToken)
            ?? throw GeneralErrors.NotFound("archive", caller.Tenant);
        await evidence.AppendAsync(
            db,
            "archive.downloaded",
            archive.ArchiveId,
            caller.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["state"] = archive.State.ToString() },
            cancellationToken
        );
        return archive;
    }

    public Task RunAsync(ClientArchive archive, Stream destination, CancellationToken cancellationToken) =>
        archive.State switch
        {
            ArchiveState.Requested => write.RunAsync(archive.TenantId, destination, cancellationToken),
            ArchiveState.Written => objects.ReadAsync(
                archive.ArchiveId,
                archive.ObjectName!,
                destination,
                cancellationToken
            ),
            _ => throw new InvalidOperationException($"No state: {archive.State}"),
        };
}
