using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Letters;

/// <summary>
/// Letters written to a person. Those that the law demands prove that a duty was kept: they stay, hidden, as long as somebody
/// can ask a court about it (GDPR art. 17(3)(b) and (e), Civil Code art. 2224). All others are deleted, sent or not.
/// </summary>
internal sealed class LetterPersonStore(KeyRing keys, IClock clock) : RowStore(keys)
{
    private const string Suppress = """
        update letters set state = 'Suppressed', state_reason = 'person_restricted'
        where person_id = $1 and person_tenant_id = $2 and state = 'Queued' and nature <> 'Required'
        """;

    public override string Name => "letters";

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("letter", "letters", "person_id")
        {
            OwnerColumn = "letter_id",
            KeyColumn = "tenant_id",
            Condition = "person_tenant_id = $2",
            Seals = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["recipient"] = "recipient",
                ["subject"] = "subject",
                ["text_body"] = "text_body",
                ["html_body"] = "html_body",
            },
        },
    ];

    /// <summary>What waits and is no duty will not be sent, now or when the restriction is lifted.</summary>
    public override async Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    )
    {
        if (since is not null)
        {
            await PersonRows.RunAsync(db, Suppress, person, cancellationToken);
        }

        return await base.RestrictAsync(db, person, since, cancellationToken);
    }

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var kept = await KeptAsync(db, person, now, cancellationToken);
        var since = KeptSince(now);
        var erased = await Of(db, person)
            .Where(l => l.Nature != LetterNature.Required || l.CreateTime < since)
            .ExecuteDeleteAsync(cancellationToken);
        await base.RestrictAsync(db, person, now, cancellationToken);
        return new ErasureReceipt(Name, erased, kept);
    }

    protected override Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) => KeptAsync(db, person, clock.GetCurrentInstant(), cancellationToken);

    private static IQueryable<Letter> Of(KalisecuDb db, PersonRef person) =>
        db.Set<Letter>().Where(l => l.PersonTenantId == person.TenantId && l.PersonId == person.PersonId);

    // The first moment whose letters are still within the period.
    private static Instant KeptSince(Instant now) =>
        Paris.StartOf(Paris.DateOf(now).Minus(CalendarPeriod.Proof.Length));

    private static async Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var since = KeptSince(now);
        var times = await Of(db, person)
            .Where(l => l.Nature == LetterNature.Required && l.CreateTime >= since)
            .Select(l => l.CreateTime)
            .ToListAsync(cancellationToken);
        return KeptRows.AsProof(KeptRows.LegalDuty, times);
    }
}
