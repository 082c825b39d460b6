using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>
/// Invites a person by a letter to its own address. Whoever asks for it sees the token only when nothing can be taken over
/// with it: for a person who never accepted an invitation, or with an operator's certificate, which is how a platform
/// without mail lets people in.
/// </summary>
internal sealed class SendInvitation(
    Invitations invitations,
    LetterTemplates templates,
    LetterBox letters,
    IClock clock
)
{
    private const string Template = "invitation";

    public async Task<SentInvitation> RunAsync(
        KalisecuDb db,
        Invitee invitee,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var made = await invitations.InviteAsync(db, invitee, cancellationToken);
        await letters.PostAsync(db, Letter(invitee, made), cancellationToken);
        var isShown = made.IsFirst || caller.Kind is CallerKind.Operator;
        return new SentInvitation(isShown ? made.Token : "", made.ExpireTime);
    }

    private LetterDraft Letter(Invitee invitee, MadeInvitation made) =>
        new(
            // Each invitation is an occasion of its own: the one before is worth nothing any more.
            $"{Template}/{invitee.PersonId:D}/{Ids.New(clock.GetCurrentInstant()):D}",
            Template,
            LetterNature.Service,
            invitee.PersonId,
            invitee.Email,
            invitee.Language,
            templates.Render(
                Template,
                invitee.Language,
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["name"] = invitee.DisplayName,
                    ["organisation"] = invitee.Organisation,
                    ["is_first"] = made.IsFirst,
                    ["token"] = made.Token,
                    ["expires"] = made.ExpireTime,
                }
            ),
            invitee.IsStaff ? "staff_account" : "member",
            invitee.PersonId
        );
}

/// <summary>An invitation that is on its way.</summary>
/// <param name="Token">Empty when only the person may see it.</param>
internal sealed record SentInvitation(string Token, Instant ExpireTime);
