using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>The register of processors: enters, changes and ends entries. Works platform-wide.</summary>
internal sealed class Processors(EvidenceLog evidence, IClock clock)
{
    /// <summary>Those that work for us now, by name.</summary>
    public static async Task<IReadOnlyList<Processor>> CurrentAsync(
        KalisecuDb db,
        CancellationToken cancellationToken
    ) =>
        await db.Set<Processor>()
            .AsNoTracking()
            .Where(p => p.EndTime == null)
            .OrderBy(p => p.Name)
            .ToListAsync(cancellationToken);

    public static async Task<Processor> FindAsync(KalisecuDb db, string name, CancellationToken cancellationToken) =>
        await db.Set<Processor>().SingleOrDefaultAsync(p => p.Name == name && p.EndTime == null, cancellationToken)
        ?? throw ComplianceErrors.ProcessorAbsent(name);

    public async Task<Processor> SetAsync(
        KalisecuDb db,
        ProcessorDraft draft,
        uint expectedVersion,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var newest = await LockNewestAsync(db, draft.Name, cancellationToken);
        var before = newest is { EndTime: null } ? newest : null;
        if (expectedVersion > 0 && before?.Version != expectedVersion)
        {
            throw GeneralErrors.ChangedSinceRead("processor");
        }

        var now = clock.GetCurrentInstant();
        var entered = Processor.Enter(draft, (newest?.Version ?? 0) + 1, before, now);
        await ReplaceAsync(db, before, entered, now, cancellationToken);
        await RecordAsync(db, "processor.set", entered, actor, cancellationToken);
        return entered;
    }

    public async Task<Processor> RecordAgreementAsync(
        KalisecuDb db,
        string name,
        LocalDate date,
        PendingObject document,
        string actor,
        CancellationToken cancellationToken
    )
    {
        _ = await LockNewestAsync(db, name, cancellationToken);
        var before = await FindAsync(db, name, cancellationToken);
        var now = clock.GetCurrentInstant();
        var signed = before.WithAgreement(date, document.Object, now);
        await ReplaceAsync(db, before, signed, now, cancellationToken);
        await RecordAsync(db, "processor.agreement_recorded", signed, actor, cancellationToken);
        document.Publish();
        return signed;
    }

    public async Task<Processor> EndAsync(
        KalisecuDb db,
        string name,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        _ = await LockNewestAsync(db, name, cancellationToken);
        var ended = await FindAsync(db, name, cancellationToken);
        ended.End(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "processor.ended",
            Id(name),
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["name"] = name,
                ["version"] = ended.Version,
                ["reason_digest"] = Digests.OfText(reason),
            },
            cancellationToken
        );
        return ended;
    }

    // Entries of one name follow one another: two changes at once wait here.
    private static async Task<Processor?> LockNewestAsync(
        KalisecuDb db,
        string name,
        CancellationToken cancellationToken
    )
    {
        var key = Ids.LockKey("kalisecu/processors/" + name);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        return await db.Set<Processor>()
            .Where(p => p.Name == name)
            .OrderByDescending(p => p.Version)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static async Task ReplaceAsync(
        KalisecuDb db,
        Processor? before,
        Processor after,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        // The index lets one version hold at a time: the old one ends before the new one begins.
        before?.End(now);
        await db.SaveChangesAsync(cancellationToken);
        db.Add(after);
        await db.SaveChangesAsync(cancellationToken);
    }

    private Task RecordAsync(
        KalisecuDb db,
        string kind,
        Processor processor,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            Id(processor.Name),
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["name"] = processor.Name,
                ["version"] = processor.Version,
                ["country"] = processor.Country,
                ["host_count"] = processor.Hosts.Length,
                ["agreement_digest"] = processor.AgreementObject ?? "",
            },
            cancellationToken
        );

    private static Guid Id(string name) => Ids.FromContent(System.Text.Encoding.UTF8.GetBytes("processor/" + name));
}
