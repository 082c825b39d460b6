using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>A person decides whether a finding counts: the row is locked, changed, and both history and evidence tell it.</summary>
internal sealed class DecideFinding(EvidenceLog evidence, IClock clock)
{
    public async Task DismissAsync(
        KalisecuDb db,
        Caller caller,
        Guid findingId,
        DismissalDraft draft,
        string etag,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var finding = await LockAsync(db, caller.Tenant, findingId, etag, now, cancellationToken);
        db.Add(finding.Dismiss(draft, PersonOf(caller), now));
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "finding.dismissed",
            findingId,
            caller.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["kind"] = draft.Kind.ToString(),
                ["severity"] = (int)finding.Severity,
            },
            cancellationToken
        );
    }

    public async Task RestoreAsync(
        KalisecuDb db,
        Caller caller,
        Guid findingId,
        string reason,
        string etag,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var now = clock.GetCurrentInstant();
        var finding = await LockAsync(db, caller.Tenant, findingId, etag, now, cancellationToken);
        db.Add(finding.Restore(PersonOf(caller), reason, now));
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "finding.restored",
            findingId,
            caller.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["severity"] = (int)finding.Severity },
            cancellationToken
        );
    }

    /// <summary>
    /// Writes the end of an expired decision into the history. Nobody waits for it: reads judge by the clock, and whoever asks
    /// for the history or decides anew finds it there.
    /// </summary>
    public async Task SettleAsync(KalisecuDb db, Guid tenantId, Guid findingId, CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        var isExpired = await db.Set<Finding>()
            .AnyAsync(
                f => f.TenantId == tenantId && f.FindingId == findingId && f.DismissalExpireTime <= now,
                cancellationToken
            );
        if (isExpired)
        {
            await LockAsync(db, tenantId, findingId, etag: "", now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private static async Task<Finding> LockAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid findingId,
        string etag,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        // The lock comes before the comparison: two decisions at once must not both find their etag current.
        var found = await db.Set<Finding>()
            .FromSql(
                $"select *, xmin from findings where tenant_id = {tenantId} and finding_id = {findingId} for no key update"
            )
            .ToListAsync(cancellationToken);
        if (found is not [var finding])
        {
            throw FindingErrors.Absent(findingId);
        }

        Etag.Require(etag, Etag.VersionOf(db, finding), "finding");
        if (finding.EndExpired(now) is { } ended)
        {
            db.Add(ended);
        }

        return finding;
    }

    private static Guid PersonOf(Caller caller) =>
        caller.Person?.PersonId ?? throw new InvalidOperationException("The access rule demands a person.");
}
