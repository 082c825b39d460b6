using System.Runtime.CompilerServices;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>
/// What the ledger holds of a person. It has no name and no address: after an erasure elsewhere the identifier that is left
/// says nobody's name, and the events stay as proof (GDPR art. 7(1) and 17(3)(e)), out of normal work's sight.
/// </summary>
internal sealed class ConsentPersonStore : ProofStore
{
    public override string Name => "consent";

    public override IReadOnlyList<string> Tables => ["consent_events", "consent_states"];

    public override async IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Read before: one connection streams one thing at a time, and purposes are few.
        var texts = await db.Set<PurposeVersion>()
            .AsNoTracking()
            .ToDictionaryAsync(p => (p.Purpose, p.Version), cancellationToken);
        var events = Of(db, person).OrderBy(e => e.EventTime).ThenBy(e => e.Purpose).ThenBy(e => e.Number);
        await foreach (var recorded in events.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return Write(recorded, texts[(recorded.Purpose, recorded.TextVersion)].TextIn(recorded.Language));
        }
    }

    /// <summary>The rows need no mark: their policy looks at the person's.</summary>
    public override Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    ) => Of(db, person).CountAsync(cancellationToken);

    // Counted from the last word: until then each of them can be asked about.
    protected override async Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) =>
        KeptRows.AsProof(
            KeptRows.LegalClaims,
            await Of(db, person).Select(e => e.RecordTime).ToListAsync(cancellationToken)
        );

    private static IQueryable<ConsentEvent> Of(KalisecuDb db, PersonRef person) =>
        db.Set<ConsentEvent>()
            .AsNoTracking()
            .Where(e => e.TenantId == person.TenantId && e.PersonId == person.PersonId);

    private static PersonalRecord Write(ConsentEvent recorded, PurposeText text)
    {
        // Somebody else wrote down what came on paper or by phone: provided all the same, by the person.
        var isProvided = recorded.Channel != ConsentChannel.System;
        return new PersonalRecord(
            "consent_event",
            [
                new("event_time", recorded.EventTime, isProvided),
                new("purpose", recorded.Purpose, isProvided),
                new("kind", recorded.Kind.ToString(), isProvided),
                new("title", text.Title, false),
                new("text", text.Text, false),
                new("text_version", recorded.TextVersion, false),
                new("language", recorded.Language == Language.Fr ? "fr" : "en", false),
                new("channel", recorded.Channel.ToString(), false),
                new("record_time", recorded.RecordTime, false),
                new("expire_time", recorded.ExpireTime, false),
            ]
        );
    }
}
