using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>
/// A store of what proves that a duty was kept. What was said is not said otherwise, and an erasure leaves it, out of normal
/// work's sight, until nobody can ask about it any more; unless the capability says otherwise of a part of it.
/// </summary>
internal abstract class ProofStore : IPersonStore
{
    public abstract string Name { get; }

    public abstract IReadOnlyList<string> Tables { get; }

    public abstract IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    );

    public Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    ) => Task.FromResult(0);

    /// <summary>The rows carry no mark of their own.</summary>
    public virtual Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    ) => Task.FromResult(0);

    public virtual async Task<ErasurePlan> PlanErasureAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) => new(Name, 0, await KeptAsync(db, person, cancellationToken));

    public virtual async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    ) => new(Name, 0, await KeptAsync(db, person, cancellationToken));

    /// <summary>What stays of the person, and how long.</summary>
    protected abstract Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    );
}
