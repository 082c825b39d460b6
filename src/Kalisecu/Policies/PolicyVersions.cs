using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Policies;

/// <summary>Finds versions, and makes and changes drafts.</summary>
internal sealed class PolicyVersions(EvidenceLog evidence, IClock clock)
{
    private static readonly long NumberLock = Ids.LockKey("kalisecu/policies/number");

    /// <summary>The published version that applies today in France.</summary>
    public async Task<PolicyVersion> CurrentAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var today = Paris.DateOf(clock.GetCurrentInstant());
        return await Published(db)
                .Where(v => v.EffectDate <= today)
                .OrderByDescending(v => v.EffectDate)
                .FirstOrDefaultAsync(cancellationToken)
            ?? throw PolicyErrors.Absent(0);
    }

    public static async Task<PolicyVersion> FindPublishedAsync(
        KalisecuDb db,
        uint number,
        CancellationToken cancellationToken
    ) =>
        await Published(db).SingleOrDefaultAsync(v => v.Number == number, cancellationToken)
        ?? throw PolicyErrors.Absent(number);

    /// <summary>Any version, to be changed; whoever changes it waits for whoever changes it now.</summary>
    public static async Task<PolicyVersion> LockAsync(KalisecuDb db, uint number, CancellationToken cancellationToken)
    {
        // xmin is no column of select *; the mapper needs it.
        var locked = await db
            .Database.SqlQuery<int>(
                $"select number as \"Value\" from policy_versions where number = {(long)number} for update"
            )
            .ToListAsync(cancellationToken);
        return locked.Count == 0
            ? throw PolicyErrors.Absent(number)
            : await db.Set<PolicyVersion>().SingleAsync(v => v.Number == number, cancellationToken);
    }

    public static IQueryable<PolicyVersion> Published(KalisecuDb db) =>
        db.Set<PolicyVersion>().AsNoTracking().Where(v => v.State == PolicyState.Published);

    public async Task<PolicyVersion> CreateAsync(
        KalisecuDb db,
        PolicyDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var version = PolicyVersion.Create(
            await NextNumberAsync(db, cancellationToken),
            draft,
            clock.GetCurrentInstant()
        );
        db.Add(version);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, "policy.drafted", version, actor, cancellationToken);
        return version;
    }

    public async Task<PolicyVersion> DiscardAsync(
        KalisecuDb db,
        uint number,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var version = await LockAsync(db, number, cancellationToken);
        version.Discard();
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(db, "policy.discarded", version, actor, cancellationToken);
        return version;
    }

    /// <summary>Numbers follow one another without a gap: two drafts at once must not take the same.</summary>
    public static async Task<int> NextNumberAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({NumberLock})", cancellationToken);
        return (await db.Set<PolicyVersion>().MaxAsync(v => (int?)v.Number, cancellationToken) ?? 0) + 1;
    }

    public Task RecordAsync(
        KalisecuDb db,
        string kind,
        PolicyVersion version,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            PolicyIds.Of(version.Number),
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["number"] = version.Number,
                ["substantial"] = version.Substantial,
                ["recipient_count"] = version.RecipientCount,
                ["digest"] = Convert.ToHexStringLower(version.ComputeDigest()),
            },
            cancellationToken
        );
}

/// <summary>The identifier of a version where one is needed: in evidence and as a letter's cause.</summary>
internal static class PolicyIds
{
    public static Guid Of(int number) => Ids.FromContent(System.Text.Encoding.UTF8.GetBytes($"policy/{number}"));
}
