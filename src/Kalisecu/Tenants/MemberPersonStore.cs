using Kalisecu.Accounts;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Tenants;

/// <summary>What is held about members. Nothing depends on a member's row: it goes as a whole.</summary>
internal sealed class MemberPersonStore(KeyRing keys) : RowStore(keys)
{
    public override string Name => "members";

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("member", "members", "member_id")
        {
            Seals = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["email"] = "email",
                ["first_name"] = "first_name",
                ["last_name"] = "last_name",
            },
        },
    ];

    public override async Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    )
    {
        var member = await db.Set<Member>()
            .SingleOrDefaultAsync(
                m => m.TenantId == person.TenantId && m.MemberId == person.PersonId,
                cancellationToken
            );
        var correction = new MemberCorrection(
            values.GetValueOrDefault(PersonField.Email),
            values.GetValueOrDefault(PersonField.FirstName),
            values.GetValueOrDefault(PersonField.LastName)
        );
        if (member is null || correction.Count == 0)
        {
            return 0;
        }

        var emailHash = correction.Email is { } email ? Keys.HashEmail(email) : member.EmailHash;
        await RequireFreeAsync(db, member, emailHash, cancellationToken);
        member.Correct(correction, emailHash, Keys.For(person.TenantId).EncryptText);
        await db.SaveChangesAsync(cancellationToken);
        return correction.Count;
    }

    private static async Task RequireFreeAsync(
        KalisecuDb db,
        Member member,
        byte[] emailHash,
        CancellationToken cancellationToken
    )
    {
        var isInUse =
            member.State != MemberState.Removed
            && await db.Set<Member>()
                .AnyAsync(
                    m =>
                        m.TenantId == member.TenantId
                        && m.MemberId != member.MemberId
                        && m.EmailHash == emailHash
                        && m.State != MemberState.Removed,
                    cancellationToken
                );
        if (isInUse)
        {
            throw AccountErrors.EmailInUse();
        }
    }
}
