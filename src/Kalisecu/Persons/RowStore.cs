using System.Runtime.CompilerServices;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>A store over tables with a column for the person: what it does unless the capability says otherwise.</summary>
internal abstract class RowStore(KeyRing keys) : IPersonStore
{
    public abstract string Name { get; }

    public virtual StoreOrder Order => StoreOrder.Any;

    public IReadOnlyList<string> Tables => [.. Rows.Select(r => r.Table)];

    protected abstract IReadOnlyList<PersonRows> Rows { get; }

    protected KeyRing Keys => keys;

    public virtual async IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var rows in Rows)
        {
            await foreach (var record in rows.CollectAsync(db, person, keys, cancellationToken))
            {
                yield return record;
            }
        }
    }

    /// <summary>Nothing here can be corrected unless the capability says otherwise.</summary>
    public virtual Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    ) => Task.FromResult(0);

    public virtual async Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    )
    {
        var count = 0;
        foreach (var rows in Rows)
        {
            count += await rows.RestrictAsync(db, person, since, cancellationToken);
        }

        return count;
    }

    public virtual async Task<ErasurePlan> PlanErasureAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        var count = await CountAsync(db, person, cancellationToken);
        var kept = await KeptAsync(db, person, cancellationToken);
        return new ErasurePlan(Name, count - kept.Sum(k => k.Count), kept);
    }

    public virtual async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var count = 0;
        foreach (var rows in Rows)
        {
            count += await rows.DeleteAsync(db, person, cancellationToken);
        }

        return new ErasureReceipt(Name, count, []);
    }

    /// <summary>What an erasure would leave now: nothing, unless the capability says otherwise.</summary>
    protected virtual Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<KeptRows>>([]);

    /// <summary>How many rows there are in all tables.</summary>
    protected async Task<int> CountAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var rows in Rows)
        {
            count += await rows.CountAsync(db, person, cancellationToken);
        }

        return count;
    }
}
