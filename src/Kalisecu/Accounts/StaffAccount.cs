using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>One of Kalisecu's staff. Address and name are sealed with the platform's key.</summary>
internal sealed class StaffAccount
{
    private StaffAccount() { }

    public Guid AccountId { get; private init; }

    public byte[] Email { get; private set; } = [];

    public byte[] DisplayName { get; private set; } = [];

    public StaffRole Role { get; private set; }

    public StaffState State { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant? SuspendTime { get; private set; }

    public byte[]? SuspendReason { get; private set; }

    public bool IsActiveAdministrator => State is StaffState.Active && Role is StaffRole.Administrator;

    public Role SessionRole =>
        Role switch
        {
            StaffRole.Analyst => Tenancy.Role.StaffAnalyst,
            StaffRole.Administrator => Tenancy.Role.StaffAdministrator,
            StaffRole.Dpo => Tenancy.Role.StaffDpo,
            _ => throw new InvalidOperationException($"No such role of staff: {Role}."),
        };

    public static StaffAccount Invite(Guid accountId, byte[] email, byte[] displayName, StaffRole role, Instant now) =>
        new()
        {
            AccountId = accountId,
            Email = email,
            DisplayName = displayName,
            Role = role,
            State = StaffState.Invited,
            CreateTime = now,
        };

    public void Rename(byte[] displayName) => DisplayName = displayName;

    public void ChangeEmail(byte[] email) => Email = email;

    public void ChangeRole(StaffRole role) => Role = role;

    public void Activate()
    {
        Demand(StaffState.Invited);
        State = StaffState.Active;
    }

    public void Suspend(byte[] reason, Instant now)
    {
        Demand(StaffState.Active);
        State = StaffState.Suspended;
        SuspendTime = now;
        SuspendReason = reason;
    }

    public void Reinstate()
    {
        Demand(StaffState.Suspended);
        State = StaffState.Active;
        SuspendTime = null;
        SuspendReason = null;
    }

    /// <summary>Everything to sign in with is taken away: the account waits for its new invitation to be completed.</summary>
    public void InviteAgain()
    {
        if (State is StaffState.Suspended)
        {
            throw AccountErrors.AccountState(this);
        }

        State = StaffState.Invited;
    }

    private void Demand(StaffState state)
    {
        if (State != state)
        {
            throw AccountErrors.AccountState(this);
        }
    }
}

internal enum StaffRole
{
    Analyst,
    Administrator,
    Dpo,
}

internal enum StaffState
{
    Invited,
    Active,
    Suspended,
}
