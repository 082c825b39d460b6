using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Finds breaches, seals what is written about them and puts each step into the chain. Works platform-wide.</summary>
internal sealed class BreachRecords(KeyRing keys, EvidenceLog evidence)
{
    public static IReadOnlyDictionary<string, object?> NoFacts { get; } =
        new Dictionary<string, object?>(StringComparer.Ordinal);

    public static async Task<Breach> FindAsync(KalisecuDb db, Guid breachId, CancellationToken cancellationToken) =>
        await db.Set<Breach>()
            .SingleOrDefaultAsync(b => b.TenantId == TenantScope.Platform && b.BreachId == breachId, cancellationToken)
        ?? throw GeneralErrors.NotFound("breach", breachId);

    public static Task<List<BreachNotification>> NotificationsAsync(
        KalisecuDb db,
        Guid breachId,
        CancellationToken cancellationToken
    ) =>
        db.Set<BreachNotification>()
            .Where(n => n.TenantId == TenantScope.Platform && n.BreachId == breachId)
            .OrderBy(n => n.Number)
            .ToListAsync(cancellationToken);

    public static Task<List<BreachAlarm>> AlarmsAsync(
        KalisecuDb db,
        Guid breachId,
        CancellationToken cancellationToken
    ) =>
        db.Set<BreachAlarm>()
            .Where(a => a.TenantId == TenantScope.Platform && a.BreachId == breachId)
            .OrderBy(a => a.AlarmTime)
            .ToListAsync(cancellationToken);

    /// <summary>Recipients of the newest search.</summary>
    public static IQueryable<BreachRecipient> Recipients(KalisecuDb db, Breach breach) =>
        db.Set<BreachRecipient>()
            .Where(r =>
                r.TenantId == TenantScope.Platform
                && r.BreachId == breach.BreachId
                && r.ReachNumber == breach.Telling.ReachNumber
            );

    /// <summary>Letters that were asked for and neither written nor impossible.</summary>
    public static Task<int> WaitingAsync(KalisecuDb db, Breach breach, CancellationToken cancellationToken)
    {
        var (persons, clients) = (
            breach.Telling.PersonsTellTime is not null,
            breach.Telling.ClientsTellTime is not null
        );
        return Recipients(db, breach)
            .CountAsync(
                r =>
                    r.LetterId == null
                    && r.UnreachableReason == null
                    && (
                        (persons && r.Audience == BreachAudience.Person)
                        || (clients && r.Audience == BreachAudience.Client)
                    ),
                cancellationToken
            );
    }

    public byte[]? Seal(string text, string what, Guid owner) =>
        text.Length == 0 ? null : keys.For(TenantScope.Platform).EncryptText(text, what, owner);

    public string Open(byte[]? value, string what, Guid owner) =>
        value is null ? "" : keys.For(TenantScope.Platform).DecryptText(value, what, owner);

    public BreachAssessment? OpenAssessment(Breach breach) =>
        breach.Assessment is null
            ? null
            : BreachAssessment.Read(Open(breach.Assessment, "assessment", breach.BreachId));

    /// <summary>One step of a breach, in the chain; last in its transaction.</summary>
    public async Task RecordAsync(
        KalisecuDb db,
        Breach breach,
        string step,
        string actor,
        IReadOnlyDictionary<string, object?> facts,
        CancellationToken cancellationToken
    )
    {
        await db.SaveChangesAsync(cancellationToken);
        // An exercise can be told from what happened in every entry.
        var marked = new Dictionary<string, object?>(facts, StringComparer.Ordinal) { ["drill"] = breach.Drill };
        await evidence.AppendAsync(db, "breach." + step, breach.BreachId, actor, marked, cancellationToken);
    }

    /// <summary>Refuses a moment that does not lie between two others.</summary>
    public static void RequireBetween(Instant moment, Instant earliest, Instant latest, string field)
    {
        var violations = new Violations();
        violations.Check(
            Moment.Stored(moment) >= earliest && moment <= latest,
            field,
            $"must be {earliest} to {latest}"
        );
        violations.ThrowIfAny();
    }
}
