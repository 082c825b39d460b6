using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>The purposes in their versions.</summary>
internal sealed class Purposes(EvidenceLog evidence, IClock clock)
{
    /// <summary>The version that people are shown now.</summary>
    public Task<PurposeVersion> CurrentAsync(KalisecuDb db, string purpose, CancellationToken cancellationToken) =>
        AtAsync(db, purpose, clock.GetCurrentInstant(), cancellationToken);

    /// <summary>The version that people were shown at a moment.</summary>
    public static async Task<PurposeVersion> AtAsync(
        KalisecuDb db,
        string purpose,
        Instant moment,
        CancellationToken cancellationToken
    ) =>
        await db.Set<PurposeVersion>()
            .AsNoTracking()
            .Where(p => p.Purpose == purpose && p.CreateTime <= moment)
            .OrderByDescending(p => p.Version)
            .FirstOrDefaultAsync(cancellationToken)
        ?? throw PurposeErrors.Unknown(purpose);

    public static async Task<PurposeVersion> FindAsync(
        KalisecuDb db,
        string purpose,
        int version,
        CancellationToken cancellationToken
    )
    {
        var found = await db.Set<PurposeVersion>()
            .AsNoTracking()
            .SingleOrDefaultAsync(p => p.Purpose == purpose && p.Version == version, cancellationToken);
        if (found is not null)
        {
            return found;
        }

        throw await db.Set<PurposeVersion>().AnyAsync(p => p.Purpose == purpose, cancellationToken)
            ? PurposeErrors.VersionUnknown(purpose, version)
            : PurposeErrors.Unknown(purpose);
    }

    /// <summary>Refuses the name of a purpose that never was.</summary>
    public static async Task RequireAsync(KalisecuDb db, string purpose, CancellationToken cancellationToken)
    {
        if (!await db.Set<PurposeVersion>().AnyAsync(p => p.Purpose == purpose, cancellationToken))
        {
            throw PurposeErrors.Unknown(purpose);
        }
    }

    /// <summary>The newest version of each, by name.</summary>
    public static IQueryable<PurposeVersion> Newest(KalisecuDb db) =>
        db.Set<PurposeVersion>()
            .AsNoTracking()
            .Where(p => !db.Set<PurposeVersion>().Any(o => o.Purpose == p.Purpose && o.Version > p.Version))
            .OrderBy(p => p.Purpose);

    public async Task<PurposeVersion> DefineAsync(
        KalisecuDb db,
        PurposeDraft draft,
        string actor,
        CancellationToken cancellationToken
    )
    {
        // Two at once would both be the next version.
        var lockKey = Ids.LockKey("kalisecu/purposes/" + draft.Purpose);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({lockKey})", cancellationToken);
        var newest = await db.Set<PurposeVersion>()
            .AsNoTracking()
            .Where(p => p.Purpose == draft.Purpose)
            .OrderByDescending(p => p.Version)
            .FirstOrDefaultAsync(cancellationToken);
        var defined = PurposeVersion.After(newest, draft, actor, clock.GetCurrentInstant());
        db.Add(defined);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "purpose.defined",
            Ids.FromContent([.. System.Text.Encoding.UTF8.GetBytes(defined.Purpose)]),
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["purpose"] = defined.Purpose,
                ["version"] = defined.Version,
                ["digest_fr"] = Convert.ToHexStringLower(defined.DigestFr),
                ["digest_en"] = Convert.ToHexStringLower(defined.DigestEn),
            },
            cancellationToken
        );
        return defined;
    }
}
