using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Accounts;

/// <summary>
/// What is held about Kalisecu's own staff. What they did for clients stays under their identifier, which names nobody once the
/// account is gone.
/// </summary>
internal sealed class StaffPersonStore(StaffAccountProto proto, KeyRing keys) : RowStore(keys)
{
    public override string Name => "staff_accounts";

    protected override IReadOnlyList<PersonRows> Rows { get; } =
    [
        new("staff_account", "staff_accounts", "account_id")
        {
            Condition = "$2 = 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid",
            Seals = StaffAccountProto.Seals,
        },
    ];

    public override async Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    )
    {
        var account = await db.Set<StaffAccount>()
            .SingleOrDefaultAsync(a => a.AccountId == person.PersonId, cancellationToken);
        if (account is null)
        {
            return 0;
        }

        var count = 0;
        if (WholeName.Of(values) is { } name)
        {
            account.Rename(proto.SealDisplayName(name, account.AccountId));
            count++;
        }

        if (values.TryGetValue(PersonField.Email, out var email))
        {
            account.ChangeEmail(proto.SealEmail(email, account.AccountId));
            count++;
        }

        await db.SaveChangesAsync(cancellationToken);
        return count;
    }
}
