using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>The steps of one claimed erasure: each store in a transaction of its own, then the end.</summary>
internal sealed class ErasureSteps(
    RestrictedRows rows,
    PersonStores stores,
    EvidenceLog evidence,
    CompleteErasure complete,
    IClock clock,
    ILogger<ErasureSteps> log
)
{
    /// <summary>Longer than a step lasts; a worker that died holds its erasures up by this much at most.</summary>
    public static readonly Duration ClaimFor = Duration.FromMinutes(10);

    /// <summary>Who acts, as evidence names it.</summary>
    public const string Actor = "worker:retention";

    /// <summary>
    /// Asks every store that has not acknowledged yet. One that fails stops none of its order, but all of a later one: they
    /// would forget what the failing one still needs.
    /// </summary>
    /// <returns>Whether the erasure is complete.</returns>
    public async Task<bool> RunAsync(Erasure erasure, Guid claimId, CancellationToken cancellationToken)
    {
        IPersonStore? failed = null;
        foreach (var (position, store) in stores.All.Index())
        {
            if (failed is not null && store.Order > failed.Order)
            {
                break;
            }

            try
            {
                var isHeld = await InTenantAsync(
                    erasure,
                    db => RunStepAsync(db, erasure, claimId, position, store, cancellationToken),
                    cancellationToken
                );
                if (!isHeld)
                {
                    return false;
                }
            }
#pragma warning disable CA1031 // Whatever a store throws: it has not acknowledged, and is asked again.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                RightsLog.StoreFailed(log, exception, store.Name, erasure.ErasureId);
                failed ??= store;
            }
        }

        return await rows.InAllTenantsAsync(
            db => EndAsync(db, erasure, claimId, failed?.Name, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Asks one store; false when somebody else has taken the erasure over.</summary>
    private async Task<bool> RunStepAsync(
        KalisecuDb db,
        Erasure erasure,
        Guid claimId,
        int position,
        IPersonStore store,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        if (!await ErasureSql.HoldAsync(db, erasure, claimId, now + ClaimFor, cancellationToken))
        {
            return false;
        }

        var step = await db.Set<ErasureStep>()
            .SingleOrDefaultAsync(
                s => s.TenantId == erasure.TenantId && s.ErasureId == erasure.ErasureId && s.Store == store.Name,
                cancellationToken
            );
        if (step is null)
        {
            // A store that came after the plan, or a replay, which has none.
            step = ErasureStep.Of(
                erasure,
                position,
                await store.PlanErasureAsync(db, erasure.Person, cancellationToken)
            );
            db.Add(step);
        }

        if (step.CompleteTime is not null)
        {
            return true;
        }

        var receipt = await store.EraseAsync(db, erasure.Person, now, cancellationToken);
        if (receipt.Kept.Count > 0)
        {
            // What the law demands to keep is kept for that alone.
            await store.RestrictAsync(db, erasure.Person, now, cancellationToken);
        }

        step.Acknowledge(receipt, now);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "erasure.acknowledged",
            erasure.ErasureId,
            Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["store"] = store.Name,
                ["erased"] = receipt.Erased,
                ["kept"] = receipt.Kept.Sum(k => k.Count),
            },
            cancellationToken
        );
        return true;
    }

    private async Task<bool> EndAsync(
        KalisecuDb db,
        Erasure claimed,
        Guid claimId,
        string? failedStore,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        if (!await ErasureSql.HoldAsync(db, claimed, claimId, now + ClaimFor, cancellationToken))
        {
            return false;
        }

        var erasure = await db.Set<Erasure>()
            .SingleAsync(e => e.TenantId == claimed.TenantId && e.ErasureId == claimed.ErasureId, cancellationToken);
        var steps = await CompleteErasure
            .StepsOf(db, erasure.TenantId, erasure.ErasureId)
            .ToListAsync(cancellationToken);
        // A store of the plan that this process does not have counts like one that failed.
        failedStore ??= steps.Find(s => s.CompleteTime is null)?.Store;
        if (failedStore is not null)
        {
            erasure.Postpone(failedStore, now);
            await db.SaveChangesAsync(cancellationToken);
            return false;
        }

        await complete.RunAsync(db, erasure, steps, now, cancellationToken);
        return true;
    }

    private Task<T> InTenantAsync<T>(
        Erasure erasure,
        Func<KalisecuDb, Task<T>> work,
        CancellationToken cancellationToken
    ) => rows.InTenantAsync(erasure.TenantId, work, cancellationToken);
}
