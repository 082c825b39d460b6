using Kalisecu.Keys;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>
/// Kept answers that speak of a person. What stays of an erased one is that its request_id was used: a repeat is refused and
/// not done again.
/// </summary>
internal sealed class ReceiptPersonStore(KeyRing keys) : RowStore(keys)
{
    private const string Forget = """
        update request_receipts set response = null, person_id = null where person_id = $1 and tenant_id = $2
        """;

    public override string Name => "request_receipts";

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [new("request_receipt", "request_receipts", "person_id")];

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    ) => new(Name, await PersonRows.RunAsync(db, Forget, person, cancellationToken), []);
}
