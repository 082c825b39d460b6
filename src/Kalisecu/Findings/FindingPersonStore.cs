using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Findings;

/// <summary>
/// Who decided about findings. What was decided is the client's and stays: the person's identifier is put out of sight while
/// processing is restricted, and taken away when the person is forgotten.
/// </summary>
internal sealed class FindingPersonStore(KeyRing keys) : RowStore(keys)
{
    private const string HideEvents = """
        update finding_events set restricted_person_id = person_id, person_id = null
        where coalesce(person_id, restricted_person_id) = $1 and tenant_id = $2 and person_id is not null
        """;

    private const string ShowEvents = """
        update finding_events set person_id = restricted_person_id, restricted_person_id = null
        where coalesce(person_id, restricted_person_id) = $1 and tenant_id = $2 and person_id is null
        """;

    private const string ForgetEvents = """
        update finding_events set person_id = null, restricted_person_id = null
        where coalesce(person_id, restricted_person_id) = $1 and tenant_id = $2
        """;

    private const string HideFindings = """
        update findings set dismissal_restricted_person_id = dismissal_person_id, dismissal_person_id = null
        where coalesce(dismissal_person_id, dismissal_restricted_person_id) = $1 and tenant_id = $2
            and dismissal_person_id is not null
        """;

    private const string ShowFindings = """
        update findings set dismissal_person_id = dismissal_restricted_person_id, dismissal_restricted_person_id = null
        where coalesce(dismissal_person_id, dismissal_restricted_person_id) = $1 and tenant_id = $2
            and dismissal_person_id is null
        """;

    private const string ForgetFindings = """
        update findings set dismissal_person_id = null, dismissal_restricted_person_id = null
        where coalesce(dismissal_person_id, dismissal_restricted_person_id) = $1 and tenant_id = $2
        """;

    public override string Name => "findings";

    private static readonly HashSet<string> Decision = new(StringComparer.Ordinal)
    {
        "finding_id",
        "dismissal_kind",
        "dismissal_justification",
        "dismissal_person_id",
        "dismissal_restricted_person_id",
        "dismissal_time",
        "dismissal_expire_time",
    };

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("finding_event", "finding_events", "coalesce(person_id, restricted_person_id)")
        {
            TimeColumn = "event_time",
        },
        new("finding_decision", "findings", "coalesce(dismissal_person_id, dismissal_restricted_person_id)")
        {
            TimeColumn = "dismissal_time",
            Columns = Decision,
        },
    ];

    public override async Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    ) =>
        since is null
            ? await RunAsync(db, person, ShowEvents, ShowFindings, cancellationToken)
            : await RunAsync(db, person, HideEvents, HideFindings, cancellationToken);

    public override async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    ) => new(Name, await RunAsync(db, person, ForgetEvents, ForgetFindings, cancellationToken), []);

    private static async Task<int> RunAsync(
        KalisecuDb db,
        PersonRef person,
        string events,
        string findings,
        CancellationToken cancellationToken
    ) =>
        await PersonRows.RunAsync(db, events, person, cancellationToken)
        + await PersonRows.RunAsync(db, findings, person, cancellationToken);
}
