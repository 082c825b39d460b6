using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>A client chooses the archive: possible until the last second of the last day on the dashboard.</summary>
internal sealed class RequestArchive(EvidenceLog evidence, IClock clock)
{
    public async Task<ClientArchive> RunAsync(KalisecuDb db, Caller caller, CancellationToken cancellationToken)
    {
        var tenantId = caller.Tenant;
        var now = clock.GetCurrentInstant();
        // Of two who choose at once, the second sees the first's.
        var key = Ids.LockKey($"kalisecu/archive/{tenantId:D}");
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        var retention = await ClientRetention.OfAsync(db, tenantId, cancellationToken);
        if (retention.Archive is { } chosen)
        {
            throw RetentionErrors.ArchiveRequested(chosen);
        }

        if (retention.IsOver(now))
        {
            throw RetentionErrors.ArchiveTooLate(retention.DeleteDate!.Value);
        }

        var archive = ClientArchive.Request(tenantId, caller.Actor, now);
        db.Add(archive);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "archive.requested",
            archive.ArchiveId,
            caller.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal),
            cancellationToken
        );
        return archive;
    }
}
