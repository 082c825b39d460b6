using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.PrivacyRequests;

/// <summary>Records requests, and finds them again. Works in platform-wide transactions.</summary>
internal sealed class RequestRecords(
    RequestLetters letters,
    FrenchHolidays holidays,
    KeyRing keys,
    EvidenceLog evidence,
    IClock clock
)
{
    /// <summary>The request; for a member only one that the member made.</summary>
    public static async Task<PrivacyRequest> FindAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        Person? person,
        CancellationToken cancellationToken
    ) =>
        await Visible(db, person).SingleOrDefaultAsync(r => r.PrivacyRequestId == privacyRequestId, cancellationToken)
        ?? throw GeneralErrors.NotFound("privacy_request", privacyRequestId);

    /// <summary>The same, as the caller read it.</summary>
    public static async Task<PrivacyRequest> FindAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        string etag,
        Person? person,
        CancellationToken cancellationToken
    )
    {
        var request = await FindAsync(db, privacyRequestId, person, cancellationToken);
        Etag.Require(etag, request.Version, "privacy_request");
        return request;
    }

    public static IQueryable<PrivacyRequest> Visible(KalisecuDb db, Person? person)
    {
        var requests = db.Set<PrivacyRequest>().Where(r => r.TenantId == TenantScope.Platform);
        return person is { IsStaff: false }
            ? requests.Where(r => r.MemberTenantId == person.TenantId && r.MemberId == person.PersonId)
            : requests;
    }

    public static Task<List<RequestSubject>> SubjectsAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        CancellationToken cancellationToken
    ) =>
        db.Set<RequestSubject>()
            .AsNoTracking()
            .Where(s => s.TenantId == TenantScope.Platform && s.PrivacyRequestId == privacyRequestId)
            .OrderBy(s => s.AddTime)
            .ThenBy(s => s.PersonId)
            .ToListAsync(cancellationToken);

    /// <summary>Records a request about these persons; an open one of the same address for one of its rights is linked.</summary>
    public async Task<PrivacyRequest> ReceiveAsync(
        KalisecuDb db,
        PrivacyRequestDraft draft,
        IReadOnlyList<PersonRef> persons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var hash = draft.Email.Length == 0 ? null : keys.HashEmail(draft.Email);
        var linked = await FindOpenAsync(db, hash, draft.Rights, cancellationToken);
        var request = PrivacyRequest.Receive(
            draft with
            {
                EmailHash = hash,
                LinkedPrivacyRequestId = linked,
            },
            Seal,
            holidays,
            now
        );
        db.Add(request);
        db.AddRange(persons.Select(p => RequestSubject.Of(request.PrivacyRequestId, p, now)));
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(
            db,
            request,
            "received",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["channel"] = request.Channel.ToString(),
                ["rights"] = string.Join(' ', draft.Rights),
                ["received_date"] = LocalDatePattern.Iso.Format(request.ReceivedDate),
                ["due_date"] = LocalDatePattern.Iso.Format(request.DueDate),
                ["rule_version"] = request.RuleVersion,
                ["person_count"] = persons.Count,
                ["linked"] = linked is not null,
            },
            cancellationToken
        );
        return request;
    }

    public async Task AcknowledgeAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string actor,
        CancellationToken cancellationToken
    )
    {
        request.Acknowledge(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["due"] = request.DueDate };
        await letters.PostAsync(db, request, "acknowledgement", "", values, recipient: null, cancellationToken);
        await RecordAsync(db, request, "acknowledged", actor, NoFacts, cancellationToken);
    }

    public async Task AddSubjectAsync(
        KalisecuDb db,
        PrivacyRequest request,
        PersonRef person,
        string actor,
        CancellationToken cancellationToken
    )
    {
        request.RequireOpen();
        var subjects = await SubjectsAsync(db, request.PrivacyRequestId, cancellationToken);
        if (subjects.Exists(s => s.Person == person))
        {
            return;
        }

        var now = clock.GetCurrentInstant();
        request.Touch(now);
        var added = RequestSubject.Of(request.PrivacyRequestId, person, now);
        if (await IsProvedAsync(db, request, person, cancellationToken))
        {
            added.Prove(now);
        }

        db.Add(added);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(
            db,
            request,
            "subject_added",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["person_id"] = person.PersonId.ToString("D") },
            cancellationToken
        );
    }

    /// <summary>Whether the person is known by the address that was proved; any other needs a proof of its own.</summary>
    private async Task<bool> IsProvedAsync(
        KalisecuDb db,
        PrivacyRequest request,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        if (request.ProvedEmail is not { } proved)
        {
            return false;
        }

        var email = keys.For(TenantScope.Platform).DecryptText(proved, "code_email", request.PrivacyRequestId);
        return (await PersonDirectory.FindByEmailAsync(db, keys.HashEmail(email), cancellationToken)).Contains(person);
    }

    /// <summary>One step of a request, in the chain; last in its transaction.</summary>
    public Task RecordAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string step,
        string actor,
        IReadOnlyDictionary<string, object?> facts,
        CancellationToken cancellationToken
    ) => evidence.AppendAsync(db, "privacy_request." + step, request.PrivacyRequestId, actor, facts, cancellationToken);

    /// <summary>The address that came with a request; empty when none did.</summary>
    public string OpenEmail(PrivacyRequest request) =>
        request.Email is { } email
            ? keys.For(TenantScope.Platform).DecryptText(email, "email", request.PrivacyRequestId)
            : "";

    public byte[]? Seal(string text, string what, Guid owner) =>
        text.Length == 0 ? null : keys.For(TenantScope.Platform).EncryptText(text, what, owner);

    public static IReadOnlyDictionary<string, object?> NoFacts { get; } =
        new Dictionary<string, object?>(StringComparer.Ordinal);

    private static async Task<Guid?> FindOpenAsync(
        KalisecuDb db,
        byte[]? emailHash,
        IReadOnlyList<Right> rights,
        CancellationToken cancellationToken
    )
    {
        if (emailHash is null)
        {
            return null;
        }

        var found = await db.Set<PrivacyRequest>()
            .AsNoTracking()
            .Where(r => r.TenantId == TenantScope.Platform && r.EmailHash == emailHash && r.CloseTime == null)
            .Where(r => r.Rights.Any(asked => rights.Contains(asked.Right)))
            .OrderBy(r => r.CreateTime)
            .Select(r => r.PrivacyRequestId)
            .Take(1)
            .ToListAsync(cancellationToken);
        return found is [var first] ? first : null;
    }
}
