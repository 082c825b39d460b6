using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>
/// What one capability holds about persons, and how it answers for it: GDPR art. 15 to 18. Each capability with personal
/// columns has one; the registry of all is checked against the database. Every method works inside the transaction of its
/// caller, in the person's tenant, opened by <see cref="RestrictedRows"/>, and can be repeated.
/// </summary>
internal interface IPersonStore
{
    /// <summary>Short and stable, such as <c>members</c>: it stands in receipts, exports and the register.</summary>
    string Name { get; }

    /// <summary>The tables whose personal columns this store answers for.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>When it is asked, among all.</summary>
    StoreOrder Order => StoreOrder.Any;

    /// <summary>Everything held about the person, one record a row, oldest first; streamed, so take all before asking more.</summary>
    IAsyncEnumerable<PersonalRecord> CollectAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken);

    /// <summary>Corrects the named fields where this store holds them.</summary>
    /// <returns>How many values were changed; 0 when it holds none of them.</returns>
    Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    );

    /// <summary>Hides the person's rows from normal work since a moment, or shows them again (null).</summary>
    /// <returns>How many rows this call hid or showed again; a repeat finds none.</returns>
    Task<int> RestrictAsync(KalisecuDb db, PersonRef person, Instant? since, CancellationToken cancellationToken);

    /// <summary>What an erasure would do here, without doing it.</summary>
    Task<ErasurePlan> PlanErasureAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken);

    /// <summary>Forgets the person, but for what the law demands to keep. A repeat finds nothing left and says so.</summary>
    Task<ErasureReceipt> EraseAsync(KalisecuDb db, PersonRef person, Instant now, CancellationToken cancellationToken);
}

/// <summary>One person in one tenant; staff, prospects and contacts without tenant stand under the platform.</summary>
internal sealed record PersonRef(Guid TenantId, Guid PersonId, PersonKind Kind);

/// <summary>Most stores do not depend on each other.</summary>
internal enum StoreOrder
{
    /// <summary>Needs what others erase, to recognise what is the person's.</summary>
    First,

    Any,

    /// <summary>Others need it to find the person.</summary>
    Last,
}

/// <summary>The fields that a person can have corrected.</summary>
internal enum PersonField
{
    FirstName,
    LastName,
    Email,
    Function,
    Phone,
}

/// <summary>One row about a person, in clear.</summary>
/// <param name="Type">What it is, such as <c>member</c> or <c>session</c>.</param>
internal sealed record PersonalRecord(string Type, IReadOnlyList<PersonalValue> Values);

/// <summary>One value of a record.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Value">Text, number, truth value, moment or null.</param>
/// <param name="Provided">Whether the person gave it, on contract or consent: then it is portable (GDPR art. 20).</param>
internal readonly record struct PersonalValue(string Name, object? Value, bool Provided);

/// <summary>What one store would do with a person's rows.</summary>
internal sealed record ErasurePlan(string Store, int Erased, IReadOnlyList<KeptRows> Kept);

/// <summary>What one store did with a person's rows.</summary>
internal sealed record ErasureReceipt(string Store, int Erased, IReadOnlyList<KeptRows> Kept);

/// <summary>Rows that stay, restricted, because a law demands it.</summary>
/// <param name="Exception">The exception, such as <c>17(3)(b)</c>.</param>
/// <param name="Until">When they go; null while nobody can say.</param>
internal sealed record KeptRows(int Count, string Exception, LocalDate? Until)
{
    /// <summary>A duty under the law.</summary>
    public const string LegalDuty = "17(3)(b)";

    /// <summary>Establishing, exercising or defending legal claims.</summary>
    public const string LegalClaims = "17(3)(e)";

    /// <summary>Proof, until nobody can ask a court about the newest of these rows (Civil Code art. 2224).</summary>
    public static IReadOnlyList<KeptRows> AsProof(string exception, IReadOnlyCollection<Instant> rows) =>
        rows.Count == 0
            ? []
            : [new KeptRows(rows.Count, exception, CalendarPeriod.Proof.GoesOn(Paris.DateOf(rows.Max())))];
}
