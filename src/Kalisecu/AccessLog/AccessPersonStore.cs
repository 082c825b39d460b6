using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Time;
using NodaTime;
using Npgsql;

namespace Kalisecu.AccessLog;

/// <summary>
/// What a person did here. The log is append-only and chained, kept to find misuse (GDPR art. 32): no entry is changed, a month
/// leaves as a whole after twelve (clause RET-5). A policy hides the entries of who is restricted.
/// </summary>
internal sealed class AccessPersonStore(KeyRing keys) : RowStore(keys)
{
    public override string Name => "access_log";

    // Staff act in all tenants: theirs are found wherever this transaction may look.
    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("access_entry", "access_entries", "person_id")
        {
            TimeColumn = "entry_time",
            Condition = "(tenant_id = $2 or $2 = 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)",
        },
    ];

    public override Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    ) => Task.FromResult(0);

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    ) => new(Name, 0, await KeptAsync(db, person, cancellationToken));

    protected override async Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        var count = await CountAsync(db, person, cancellationToken);
        if (count == 0)
        {
            return [];
        }

        // A partition is a month of UTC; it leaves on the first day of the same month a year later.
        var newest = await Rows[0].NewestAsync(db, person, cancellationToken) ?? Instant.MinValue;
        var month = newest.InUtc().Date.With(DateAdjusters.StartOfMonth);
        return [new KeptRows(count, KeptRows.LegalDuty, month.Plus(CalendarPeriod.Logs.Length))];
    }
}
