using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>Finds out who asks: a question, a one-time code to an address known before, or the judgement of staff.</summary>
internal sealed class CheckIdentity(
    RequestRecords requests,
    RequestLetters letters,
    RestrictedRows rows,
    KeyRing keys,
    IClock clock
)
{
    /// <summary>Asks, and suspends the clock.</summary>
    /// <param name="question">What is needed, for the letter; null when only the address has to be confirmed.</param>
    /// <param name="grounds">What makes the doubt reasonable, for the record.</param>
    /// <param name="codeTo">The known person to whom a code goes; null for a question without one.</param>
    public async Task AskAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string? question,
        string grounds,
        PersonIdentity? codeTo,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var code = codeTo is null ? null : IdentityCode.New();
        var id = request.PrivacyRequestId;
        var sent = code is null
            ? null
            : new SentCode(IdentityCode.Hash(keys, id, code), requests.Seal(codeTo!.Email, "code_email", id)!);
        var subjects = await RequestRecords.SubjectsAsync(db, id, cancellationToken);
        request.AskForIdentity(
            sent,
            requests.Seal(grounds, "identity_grounds", id),
            now,
            subjects.Exists(s => s.IdentityTime is null)
        );
        await db.SaveChangesAsync(cancellationToken);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["asks"] = question is not null,
            ["question"] = question ?? "",
            ["coded"] = code is not null,
            ["code"] = code is null ? "" : IdentityCode.Shown(code),
            ["code_expires"] = request.CodeExpireTime ?? now,
            ["id"] = request.PrivacyRequestId.ToString("D"),
        };
        await letters.PostAsync(
            db,
            request,
            "identity",
            now.ToUnixTimeTicks().ToString(System.Globalization.CultureInfo.InvariantCulture),
            values,
            codeTo?.Email,
            cancellationToken
        );
        await requests.RecordAsync(
            db,
            request,
            "identity_asked",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["with_code"] = code is not null },
            cancellationToken
        );
    }

    /// <summary>
    /// Tries a code, and the right one lets the clock run again, in one transaction that holds the request: nobody is added and
    /// no other code is sent in between. A wrong try must stay counted, so it commits before the refusal is thrown.
    /// </summary>
    public async Task<PrivacyRequest> ConfirmByCodeAsync(
        Guid privacyRequestId,
        string code,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var (attempt, request) = await rows.InAllTenantsAsync(
            async db =>
            {
                var tried = await TryAsync(db, privacyRequestId, code, actor, cancellationToken);
                return (
                    tried,
                    tried is CodeAttempt.Right
                        ? await ConfirmCodeAsync(db, privacyRequestId, actor, cancellationToken)
                        : null
                );
            },
            cancellationToken
        );
        return attempt switch
        {
            CodeAttempt.Right => request!,
            CodeAttempt.Wrong => throw PrivacyRequestErrors.CodeNotValid(),
            CodeAttempt.Locks or CodeAttempt.Locked => throw PrivacyRequestErrors.CodeLocked(),
            _ => throw new InvalidOperationException($"No attempt: {attempt}"),
        };
    }

    public Task JudgeAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string grounds,
        string actor,
        CancellationToken cancellationToken
    ) =>
        ConfirmAsync(
            db,
            request,
            IdentityMethod.Judgement,
            requests.Seal(grounds, "identity_grounds", request.PrivacyRequestId),
            _ => true,
            actor,
            cancellationToken
        );

    /// <summary>The member's session says who asks.</summary>
    public Task ConfirmBySessionAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string actor,
        CancellationToken cancellationToken
    ) =>
        ConfirmAsync(
            db,
            request,
            IdentityMethod.Session,
            grounds: null,
            s => s.PersonTenantId == request.MemberTenantId && s.PersonId == request.MemberId,
            actor,
            cancellationToken
        );

    /// <summary>Whoever reads the address is each person who is known by it. A repeat changes nothing.</summary>
    private async Task<PrivacyRequest> ConfirmCodeAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var request = await RequestRecords.FindAsync(db, privacyRequestId, person: null, cancellationToken);
        if (request is { IdentityMethod: IdentityMethod.Code, State: not PrivacyRequestState.AwaitingIdentity })
        {
            return request;
        }

        var address = keys.For(TenantScope.Platform).DecryptText(request.CodeEmail!, "code_email", privacyRequestId);
        var known = (
            await PersonDirectory.FindByEmailAsync(db, keys.HashEmail(address), cancellationToken)
        ).ToHashSet();
        await ConfirmAsync(
            db,
            request,
            IdentityMethod.Code,
            grounds: null,
            s => known.Contains(s.Person),
            actor,
            cancellationToken
        );
        return request;
    }

    private async Task ConfirmAsync(
        KalisecuDb db,
        PrivacyRequest request,
        IdentityMethod method,
        byte[]? grounds,
        Func<RequestSubject, bool> covers,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var subjects = await db.Set<RequestSubject>()
            .Where(s => s.TenantId == TenantScope.Platform && s.PrivacyRequestId == request.PrivacyRequestId)
            .ToListAsync(cancellationToken);
        request.ConfirmIdentity(method, grounds, now, subjects.Exists(s => s.IdentityTime is null));
        subjects.Where(covers).ToList().ForEach(s => s.Prove(now));
        await db.SaveChangesAsync(cancellationToken);
        await requests.RecordAsync(
            db,
            request,
            "identity_confirmed",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["method"] = method.ToString(),
                ["person_count"] = subjects.Count(s => s.IdentityTime is not null),
                ["suspended_days"] = request.SuspendedDays,
            },
            cancellationToken
        );
    }

    private async Task<CodeAttempt> TryAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        string code,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var held = await db
            .Database.SqlQueryRaw<Guid>(PrivacyRequestSql.Lock, TenantScope.Platform, privacyRequestId)
            .ToListAsync(cancellationToken);
        if (held.Count == 0)
        {
            return CodeAttempt.Wrong;
        }

        var request = await RequestRecords.FindAsync(db, privacyRequestId, person: null, cancellationToken);
        var attempt = request.TryCode(IdentityCode.Hash(keys, privacyRequestId, code), clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        if (attempt is CodeAttempt.Locks)
        {
            await requests.RecordAsync(db, request, "code_locked", actor, RequestRecords.NoFacts, cancellationToken);
        }

        return attempt;
    }
}
