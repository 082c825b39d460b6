using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>Takes a request in: from a signed-in member, or from staff for what came by mail or on paper.</summary>
internal sealed class ReceivePrivacyRequest(
    RequestPersons persons,
    RequestRecords requests,
    CheckIdentity identity,
    IClock clock
)
{
    private const string Everywhere = "The request is about every person known by the member's address.";

    /// <summary>Looks up what the request needs to know, before its transaction.</summary>
    public async Task<MemberIntake> PrepareAsync(
        Person person,
        IReadOnlyList<Right> rights,
        string details,
        Language? language,
        bool everywhere,
        CancellationToken cancellationToken
    )
    {
        var member = new PersonRef(person.TenantId!.Value, person.PersonId, PersonKind.Member);
        var known =
            await persons.IdentityAsync([member], cancellationToken)
            ?? throw new InvalidOperationException("A signed-in member is not registered as a person.");
        var draft = new PrivacyRequestDraft(
            RequestChannel.Session,
            Paris.DateOf(clock.GetCurrentInstant()),
            rights,
            known.Email,
            known.Name,
            PostalAddress: "",
            details,
            language ?? known.Language
        )
        {
            Member = member,
        };
        var others = everywhere ? await persons.FindByEmailAsync(known.Email, cancellationToken) : [];
        return new MemberIntake(draft, [.. others.Prepend(member).Distinct()], everywhere ? known : null);
    }

    /// <summary>
    /// Records it and confirms its receipt. The session proves who asks for what the member's own tenant holds; others may
    /// have given the same address to a member of theirs, so for all the rest a code goes to it first.
    /// </summary>
    public async Task<PrivacyRequest> FromMemberAsync(
        KalisecuDb db,
        MemberIntake intake,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var request = await requests.ReceiveAsync(db, intake.Draft, intake.Persons, actor, cancellationToken);
        await requests.AcknowledgeAsync(db, request, actor, cancellationToken);
        if (intake.CodeTo is { } known)
        {
            await identity.AskAsync(db, request, question: null, Everywhere, known, actor, cancellationToken);
        }
        else
        {
            await identity.ConfirmBySessionAsync(db, request, actor, cancellationToken);
        }

        return request;
    }

    public async Task<IReadOnlyList<PersonRef>> FindAsync(
        PrivacyRequestDraft draft,
        CancellationToken cancellationToken
    ) => await persons.FindByEmailAsync(draft.Email, cancellationToken);
}

/// <summary>A member's request, and whom it is about.</summary>
/// <param name="CodeTo">To whom a code goes; null when the session is enough.</param>
internal sealed record MemberIntake(
    PrivacyRequestDraft Draft,
    IReadOnlyList<PersonRef> Persons,
    PersonIdentity? CodeTo
);
