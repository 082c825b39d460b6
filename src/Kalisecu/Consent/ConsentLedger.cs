using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>
/// Where everything that persons say about purposes is recorded: the event, the current state and the evidence in one
/// transaction. Other capabilities record objections and withdrawals here too.
/// </summary>
internal sealed class ConsentLedger(EvidenceLog evidence, IClock clock)
{
    /// <summary>
    /// Records a word in the transaction of the person's tenant (the platform's for prospects, contacts and staff). Call it
    /// last: it holds the chain of evidence until the commit.
    /// </summary>
    /// <returns>The event; one that was there before when the same no is repeated.</returns>
    public async Task<ConsentEvent> AppendAsync(
        KalisecuDb db,
        ConsentWord word,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var tenantId = db.Owner;
        await ConsentPersons.RequireAsync(db, tenantId, word.PersonId, cancellationToken);
        await LockAsync(db, tenantId, word, cancellationToken);
        var before = await ConsentHistory.NewestAsync(
            db,
            tenantId,
            word.PersonId,
            word.Purpose,
            word.EventTime,
            cancellationToken
        );
        // What is said now comes after everything that was recorded, also by a process whose clock is ahead of ours.
        var now = Instant.Max(clock.GetCurrentInstant(), before?.RecordTime ?? Instant.MinValue);
        var said = word.EventTime ?? now;
        var purpose = await TextOfAsync(db, word, before, said, cancellationToken);
        if (ConsentEvent.Resolve(word.Said, purpose, before) is not { } kind)
        {
            return before!;
        }

        var last = await ConsentHistory.LastNumberAsync(db, tenantId, word.PersonId, word.Purpose, cancellationToken);
        var spoken = word with { Language = word.Language ?? before?.Language };
        var recorded = ConsentEvent.Record(tenantId, spoken, kind, purpose, last + 1, actor, now);
        db.Add(recorded);
        await db.SaveChangesAsync(cancellationToken);
        await MoveStateAsync(db, recorded, cancellationToken);
        await evidence.AppendAsync(
            db,
            "consent." + kind.ToString().ToLowerInvariant(),
            recorded.EventId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["purpose"] = recorded.Purpose,
                ["number"] = recorded.Number,
                ["event_digest"] = Convert.ToHexStringLower(recorded.Digest),
            },
            cancellationToken
        );
        return recorded;
    }

    private static async Task<PurposeVersion> TextOfAsync(
        KalisecuDb db,
        ConsentWord word,
        ConsentEvent? before,
        Instant said,
        CancellationToken cancellationToken
    )
    {
        // Taking back is about what was agreed to, whatever is shown today.
        var isTakenBack = before is not null && word.Said is ConsentEventKind.Withdrawn or ConsentEventKind.Expired;
        if ((word.TextVersion ?? (isTakenBack ? before?.TextVersion : null)) is not { } version)
        {
            return await Purposes.AtAsync(db, word.Purpose, said, cancellationToken);
        }

        var text = await Purposes.FindAsync(db, word.Purpose, version, cancellationToken);
        if (text.CreateTime > said)
        {
            throw ConsentErrors.BeforeItsText();
        }

        if (word.Said == ConsentEventKind.Given)
        {
            var shown = await Purposes.AtAsync(db, word.Purpose, said, cancellationToken);
            return shown.Version == version ? text : throw ConsentErrors.TextOutdated(shown);
        }

        return text;
    }

    // What is recorded depends on what was said before: two words about one purpose wait for each other.
    private static Task<int> LockAsync(
        KalisecuDb db,
        Guid tenantId,
        ConsentWord word,
        CancellationToken cancellationToken
    )
    {
        var lockKey = Ids.LockKey($"kalisecu/consent/{tenantId:D}/{word.PersonId:D}/{word.Purpose}");
        return db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({lockKey})", cancellationToken);
    }

    private static Task<int> MoveStateAsync(
        KalisecuDb db,
        ConsentEvent recorded,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            System.Runtime.CompilerServices.FormattableStringFactory.Create(
                ConsentSql.MoveState,
                recorded.TenantId,
                recorded.PersonId,
                recorded.Purpose,
                recorded.EventId,
                recorded.Number,
                recorded.Kind.ToString(),
                recorded.TextVersion,
                recorded.EventTime,
                recorded.ExpireTime
            ),
            cancellationToken
        );
}
