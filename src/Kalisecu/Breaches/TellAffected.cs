using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>
/// Writes the letters that were asked for to persons and clients, one for each recipient, sealed with their tenant's key. A
/// batch is claimed by one worker; what it wrote and for whom is one transaction.
/// </summary>
internal sealed class TellAffected(
    RestrictedRows rows,
    PersonDirectory persons,
    BreachLetters letters,
    BreachRecords records,
    KeyRing keys,
    IClock clock,
    ILogger<TellAffected> log
) : IWorkerJob
{
    private const int Batch = 200;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        run.Count("letters", await TellAsync(run.Actor, cancellationToken));
        return JobOutcome.Done;
    }

    /// <summary>Writes whatever waits.</summary>
    /// <returns>How many letters were written.</returns>
    public async Task<int> TellAsync(string actor, CancellationToken cancellationToken)
    {
        var count = await ClaimedBatches.RunAsync(
            Batch,
            () => rows.InAllTenantsAsync(db => TellAsync(db, actor, cancellationToken), cancellationToken)
        );
        if (count > 0)
        {
            BreachLog.Told(log, count);
        }

        return count;
    }

    private async Task<(int Claimed, int Written)> TellAsync(
        KalisecuDb db,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var claimed = await db
            .Database.SqlQueryRaw<ClaimedRecipient>(BreachSql.ClaimRecipients, Batch)
            .ToListAsync(cancellationToken);
        if (claimed.Count == 0)
        {
            return (0, 0);
        }

        var breachIds = claimed.Select(c => c.BreachId).Distinct().ToList();
        var breaches = await db.Set<Breach>()
            .Where(b => b.TenantId == TenantScope.Platform && breachIds.Contains(b.BreachId))
            .ToListAsync(cancellationToken);
        var written = 0;
        foreach (var breach in breaches)
        {
            var ids = claimed.Where(c => c.BreachId == breach.BreachId).Select(c => c.PersonId).ToHashSet();
            var recipients = await BreachRecords
                .Recipients(db, breach)
                .Where(r => ids.Contains(r.PersonId) && r.LetterId == null && r.UnreachableReason == null)
                .ToListAsync(cancellationToken);
            recipients.RemoveAll(r => !claimed.Exists(c => c.Is(r)));
            written += await TellAsync(db, breach, recipients, actor, cancellationToken);
        }

        return (claimed.Count, written);
    }

    private async Task<int> TellAsync(
        KalisecuDb db,
        Breach breach,
        List<BreachRecipient> recipients,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        foreach (var recipient in recipients)
        {
            var person = new PersonRef(recipient.PersonTenantId, recipient.PersonId, recipient.PersonKind);
            var identity = await persons.IdentityAsync(db, person, cancellationToken);
            if (identity is null or { Email.Length: 0 })
            {
                recipient.Unreachable(identity is null ? "erased" : "no_address");
                continue;
            }

            // In an exercise the letter is ours, and stands with what is ours.
            var owner = breach.Drill ? TenantScope.Platform : recipient.PersonTenantId;
            var key = keys.For(owner);
            var letter = Letter.Write(owner, letters.Draft(breach, recipient, identity), key, now);
            db.Add(letter);
            recipient.Post(letter);
        }

        var written = recipients.Count(r => r.LetterId is not null);
        await records.RecordAsync(
            db,
            breach,
            "letters_written",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["person_count"] = recipients.Count(r => r is { Audience: BreachAudience.Person, LetterId: not null }),
                ["client_count"] = recipients.Count(r => r is { Audience: BreachAudience.Client, LetterId: not null }),
                ["unreachable_count"] = recipients.Count - written,
            },
            cancellationToken
        );
        await db.Database.ExecuteSqlAsync($"select pg_notify({LetterBox.Channel}, '')", cancellationToken);
        return written;
    }

    private sealed record ClaimedRecipient(Guid BreachId, string Audience, Guid PersonTenantId, Guid PersonId)
    {
        public bool Is(BreachRecipient recipient) =>
            PersonTenantId == recipient.PersonTenantId
            && PersonId == recipient.PersonId
            && string.Equals(Audience, recipient.Audience.ToString(), StringComparison.Ordinal);
    }
}
