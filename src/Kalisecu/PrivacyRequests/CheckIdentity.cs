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
    AllTenants allTenants,
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
        var hash = code is null ? null : IdentityCode.Hash(keys, request.PrivacyRequestId, code);
        request.AskForIdentity(hash, requests.Seal(grounds, "identity_grounds", request.PrivacyRequestId), now);
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
    /// Tries a code in a transaction of its own: a wrong try must stay counted, so it commits before the refusal is thrown.
    /// </summary>
    public async Task RequireCodeAsync(
        Guid privacyRequestId,
        string code,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var attempt = await allTenants.RunAsync(
            db => TryAsync(db, privacyRequestId, code, actor, cancellationToken),
            cancellationToken
        );
        switch (attempt)
        {
            case CodeAttempt.Right:
                return;
            case CodeAttempt.Wrong:
                throw PrivacyRequestErrors.CodeNotValid();
            case CodeAttempt.Locks or CodeAttempt.Locked:
                throw PrivacyRequestErrors.CodeLocked();
            default:
                throw new InvalidOperationException($"No attempt: {attempt}");
        }
    }

    /// <summary>The code was right: the clock runs again. A repeat changes nothing.</summary>
    public async Task<PrivacyRequest> ConfirmAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var request = await RequestRecords.FindAsync(db, privacyRequestId, person: null, cancellationToken);
        if (request.IdentityMethod is not IdentityMethod.Code)
        {
            await ConfirmAsync(db, request, IdentityMethod.Code, grounds: null, actor, cancellationToken);
        }

        return request;
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
            actor,
            cancellationToken
        );

    /// <summary>The member's session says who asks.</summary>
    public Task ConfirmBySessionAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string actor,
        CancellationToken cancellationToken
    ) => ConfirmAsync(db, request, IdentityMethod.Session, grounds: null, actor, cancellationToken);

    private async Task ConfirmAsync(
        KalisecuDb db,
        PrivacyRequest request,
        IdentityMethod method,
        byte[]? grounds,
        string actor,
        CancellationToken cancellationToken
    )
    {
        request.ConfirmIdentity(method, grounds, clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await requests.RecordAsync(
            db,
            request,
            "identity_confirmed",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["method"] = method.ToString(),
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
