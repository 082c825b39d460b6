using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>The requests that rights are carried out for: whether they ask for it, and what came of it.</summary>
internal sealed class AnsweredRequests(RestrictedRows rows, IClock clock)
{
    /// <summary>Refuses unless the request is open, of a person whose identity is known, about this person, and asks for the right.</summary>
    public static async Task RequireAsync(
        KalisecuDb db,
        RightsCase rights,
        Right right,
        CancellationToken cancellationToken
    )
    {
        var subject =
            await db.Set<RequestSubject>()
                .AsNoTracking()
                .SingleOrDefaultAsync(
                    s =>
                        s.TenantId == TenantScope.Platform
                        && s.PrivacyRequestId == rights.PrivacyRequestId
                        && s.PersonTenantId == rights.Person.TenantId
                        && s.PersonId == rights.Person.PersonId,
                    cancellationToken
                )
            ?? throw GeneralErrors.NotFound("privacy_request", rights.PrivacyRequestId);

        var request = await db.Set<PrivacyRequest>()
            .AsNoTracking()
            .SingleAsync(
                r => r.TenantId == TenantScope.Platform && r.PrivacyRequestId == rights.PrivacyRequestId,
                cancellationToken
            );
        request.RequireOpen();
        if (subject.IdentityTime is null)
        {
            throw PrivacyRequestErrors.IdentityNotConfirmed(request.PrivacyRequestId);
        }

        switch (request.Rights.SingleOrDefault(r => r.Right == right))
        {
            case null:
                throw PrivacyRequestErrors.RightNotRequested(request.PrivacyRequestId, right);
            // An overridden objection is refused too, and names it; another purpose may still be objected to.
            case { Outcome: RightOutcome.Refused, OutcomeId: null }:
                throw PrivacyRequestErrors.RightHasOutcome(request.PrivacyRequestId, right);
            default:
                break;
        }
    }

    /// <summary>
    /// Records the outcome of a right once it was carried out for every person of the request. In a transaction of its own, as
    /// requests stand under the platform; a repeat records it if an earlier try could not.
    /// </summary>
    public Task RecordAsync(Guid privacyRequestId, Right right, Guid outcomeId, CancellationToken cancellationToken) =>
        rows.InAllTenantsAsync(
            async db =>
            {
                await RecordAsync(db, privacyRequestId, right, outcomeId, clock.GetCurrentInstant(), cancellationToken);
                return true;
            },
            cancellationToken
        );

    public static async Task<PrivacyRequest?> RecordAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        Right right,
        Guid outcomeId,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await ErasureSql.LockRequestAsync(db, privacyRequestId, cancellationToken);
        var request = await db.Set<PrivacyRequest>()
            .SingleOrDefaultAsync(
                r => r.TenantId == TenantScope.Platform && r.PrivacyRequestId == privacyRequestId,
                cancellationToken
            );
        if (
            request is not { IsOpen: true, IdentityMethod: not null }
            || request.Rights.SingleOrDefault(r => r.Right == right) is not { } asked
            || asked is { Outcome: not null } and not { Right: Right.Objection, OutcomeId: not null }
        )
        {
            return request;
        }

        // By its keys, in the tenants of its persons: how many requests and erasures there are besides does not count.
        var subjects = await db.Set<RequestSubject>()
            .AsNoTracking()
            .Where(s => s.TenantId == TenantScope.Platform && s.PrivacyRequestId == privacyRequestId)
            .ToListAsync(cancellationToken);
        var answered = new Answered(privacyRequestId, [.. subjects.Select(s => s.PersonTenantId).Distinct()]);
        var outcome = await IsDoneForAllAsync(db, answered, right, subjects, cancellationToken)
            ? await OutcomeAsync(db, answered, right, cancellationToken)
            : null;
        if (asked.Outcome != outcome)
        {
            request.ReviseOutcome(right, outcome, outcomeId, now);
            await db.SaveChangesAsync(cancellationToken);
        }

        return request;
    }

    /// <summary>A request, and the tenants of those whom it is about.</summary>
    private sealed record Answered(Guid Id, Guid[] Tenants);

    private static async Task<RightOutcome?> OutcomeAsync(
        KalisecuDb db,
        Answered answered,
        Right right,
        CancellationToken cancellationToken
    ) =>
        right switch
        {
            Right.Erasure => await OfErasuresAsync(db, answered, cancellationToken),
            Right.Objection => await OfObjectionsAsync(db, answered, cancellationToken),
            _ => RightOutcome.Granted,
        };

    /// <summary>What came of all purposes that were objected to; null while one is undecided, or when all were taken back.</summary>
    private static async Task<RightOutcome?> OfObjectionsAsync(
        KalisecuDb db,
        Answered answered,
        CancellationToken cancellationToken
    )
    {
        var states = await db.Set<Objection>()
            .Where(o => answered.Tenants.Contains(o.TenantId) && o.PrivacyRequestId == answered.Id)
            .Where(o => o.State != ObjectionState.Withdrawn)
            .Select(o => o.State)
            .Distinct()
            .ToListAsync(cancellationToken);
        return states switch
        {
            [] => null,
            _ when states.Contains(ObjectionState.Open) => null,
            [ObjectionState.Stopped] => RightOutcome.Granted,
            [ObjectionState.Overridden] => RightOutcome.Refused,
            _ => RightOutcome.PartlyGranted,
        };
    }

    /// <summary>What came of all erasures of the request together.</summary>
    private static async Task<RightOutcome> OfErasuresAsync(
        KalisecuDb db,
        Answered answered,
        CancellationToken cancellationToken
    )
    {
        var kept = await (
            from e in db.Set<Erasure>()
            join s in db.Set<ErasureStep>() on new { e.TenantId, e.ErasureId } equals new { s.TenantId, s.ErasureId }
            where answered.Tenants.Contains(e.TenantId) && e.PrivacyRequestId == answered.Id
            where e.State == ErasureState.Completed
            select s.Kept
        ).ToListAsync(cancellationToken);
        return kept.SelectMany(KeptJson.Read).Any() ? RightOutcome.PartlyGranted : RightOutcome.Granted;
    }

    private static async Task<bool> IsDoneForAllAsync(
        KalisecuDb db,
        Answered answered,
        Right right,
        List<RequestSubject> subjects,
        CancellationToken cancellationToken
    )
    {
        // Identifiers of persons are unique over all tenants.
        var done = await Done(db, answered, right).Distinct().ToListAsync(cancellationToken);
        return subjects.TrueForAll(s => done.Contains(s.PersonId));
    }

    /// <summary>The persons for whom the right was carried out.</summary>
    private static IQueryable<Guid> Done(KalisecuDb db, Answered answered, Right right) =>
        right switch
        {
            Right.Access => Exports(db, answered, ExportKind.Access),
            Right.Portability => Exports(db, answered, ExportKind.Portability),
            Right.Rectification => db.Set<RectifiedField>()
                .Where(f => answered.Tenants.Contains(f.TenantId) && f.PrivacyRequestId == answered.Id)
                .Select(f => f.PersonId),
            Right.Restriction => db.Set<Restriction>()
                .Where(r => answered.Tenants.Contains(r.TenantId) && r.PrivacyRequestId == answered.Id)
                .Select(r => r.PersonId),
            Right.Objection => db.Set<Objection>()
                .Where(o => answered.Tenants.Contains(o.TenantId) && o.PrivacyRequestId == answered.Id)
                .Where(o => o.State == ObjectionState.Stopped || o.State == ObjectionState.Overridden)
                .Select(o => o.PersonId),
            Right.Erasure => db.Set<Erasure>()
                .Where(e => answered.Tenants.Contains(e.TenantId) && e.PrivacyRequestId == answered.Id)
                .Where(e => e.State == ErasureState.Completed)
                .Select(e => e.PersonId),
            _ => throw new InvalidOperationException($"No right: {right}"),
        };

    private static IQueryable<Guid> Exports(KalisecuDb db, Answered answered, ExportKind kind) =>
        db.Set<DataExport>()
            .Where(e => answered.Tenants.Contains(e.TenantId) && e.PrivacyRequestId == answered.Id)
            .Where(e => e.Kind == kind)
            .Select(e => e.PersonId);
}
