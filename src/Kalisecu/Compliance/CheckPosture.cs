using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>Runs all checks and keeps what they say. Works platform-wide; each check opens transactions of its own.</summary>
internal sealed class CheckPosture(
    ClauseCatalogue catalogue,
    ClauseChecks checks,
    EvidenceLog evidence,
    IClock clock,
    ILogger<CheckPosture> log
)
{
    private static readonly long Lock = Ids.LockKey("kalisecu/compliance/posture");

    public async Task<Posture> RunAsync(KalisecuDb db, string actor, CancellationToken cancellationToken)
    {
        // One run at a time over all processes: the next one waits.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Lock})", cancellationToken);
        var newest = await db.Set<ClauseResult>().Where(r => r.EndTime == null).ToListAsync(cancellationToken);
        var known = newest.ToDictionary(r => (r.ClauseId, r.CheckName));
        var now = clock.GetCurrentInstant();
        var results = new List<ClauseResult>();
        var changes = 0;
        foreach (var check in checks.All)
        {
            var finding = await checks.AskAsync(check, now, cancellationToken);
            var before = known.GetValueOrDefault((check.ClauseId, check.Name));
            changes += Tell(check, finding, before);
            results.Add(await KeepAsync(db, check, finding, before, now, cancellationToken));
        }

        await db.SaveChangesAsync(cancellationToken);
        var posture = Posture.Of(catalogue, checks.All, results, now);
        if (changes > 0)
        {
            await RecordAsync(db, posture, changes, actor, cancellationToken);
        }

        return posture;
    }

    /// <summary>What was said last, without looking.</summary>
    public async Task<Posture> LastAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var newest = await db.Set<ClauseResult>()
            .AsNoTracking()
            .Where(r => r.EndTime == null)
            .ToListAsync(cancellationToken);
        return Posture.Of(catalogue, checks.All, newest, clock.GetCurrentInstant());
    }

    private static async Task<ClauseResult> KeepAsync(
        KalisecuDb db,
        IClauseCheck check,
        ClauseFinding finding,
        ClauseResult? before,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        if (before?.Continue(finding, now) is true)
        {
            return before;
        }

        // The index lets one result of a check be the newest: the old one ends before the new one begins.
        await db.SaveChangesAsync(cancellationToken);
        var begun = ClauseResult.Begin(check, finding, now);
        db.Add(begun);
        return begun;
    }

    private int Tell(IClauseCheck check, ClauseFinding finding, ClauseResult? before)
    {
        if (finding.State == ClauseState.Broken)
        {
            ComplianceLog.Broken(log, check.ClauseId, check.Name, finding.Evidence);
        }

        if (before?.State == finding.State)
        {
            return 0;
        }

        ComplianceLog.Changed(log, check.ClauseId, check.Name, before?.State ?? ClauseState.Unproven, finding.State);
        return 1;
    }

    private Task RecordAsync(
        KalisecuDb db,
        Posture posture,
        int changes,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            "posture.changed",
            Ids.FromContent("posture"u8),
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["changed_checks"] = changes,
                ["holds"] = posture.Count(ClauseState.Holds),
                ["unproven"] = posture.Count(ClauseState.Unproven),
                ["broken"] = posture.Count(ClauseState.Broken),
                ["broken_clauses"] = string.Join(
                    ' ',
                    posture.Clauses.Where(c => c.State == ClauseState.Broken).Select(c => c.Clause.Id)
                ),
            },
            cancellationToken
        );
}
