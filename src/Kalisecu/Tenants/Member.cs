using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

internal enum MemberRole
{
    Reader,
    Owner,
}

internal enum MemberState
{
    Invited,
    Active,
    Removed,
}

/// <summary>A person of a tenant who signs in. Who it is is sealed with the tenant's key.</summary>
internal sealed class Member
{
    private Member() { }

    public Guid TenantId { get; private init; }

    public Guid MemberId { get; private init; }

    public byte[] Email { get; private set; } = [];

    public byte[] EmailHash { get; private set; } = [];

    public byte[] FirstName { get; private set; } = [];

    public byte[] LastName { get; private set; } = [];

    public MemberRole Role { get; private set; }

    public MemberState State { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant? RemoveTime { get; private set; }

    public uint Version { get; private set; }

    public static Member Invite(
        Guid tenantId,
        Guid memberId,
        MemberDraft draft,
        byte[] emailHash,
        Sealing seal,
        Instant now
    ) =>
        new()
        {
            TenantId = tenantId,
            MemberId = memberId,
            Email = seal(draft.Email, "email", memberId),
            EmailHash = emailHash,
            FirstName = seal(draft.FirstName, "first_name", memberId),
            LastName = seal(draft.LastName, "last_name", memberId),
            Role = draft.Role,
            State = MemberState.Invited,
            CreateTime = Moment.Stored(now),
        };

    public void Change(MemberChange change, Sealing seal)
    {
        RequirePresent();
        FirstName = change.FirstName is { } first ? seal(first, "first_name", MemberId) : FirstName;
        LastName = change.LastName is { } last ? seal(last, "last_name", MemberId) : LastName;
        Role = change.Role ?? Role;
    }

    /// <summary>Corrects what was wrong (GDPR art. 16); of removed members too.</summary>
    public void Correct(MemberCorrection correction, byte[] emailHash, Sealing seal)
    {
        FirstName = correction.FirstName is { } first ? seal(first, "first_name", MemberId) : FirstName;
        LastName = correction.LastName is { } last ? seal(last, "last_name", MemberId) : LastName;
        Email = correction.Email is { } email ? seal(email, "email", MemberId) : Email;
        EmailHash = emailHash;
    }

    public void InviteAgain()
    {
        RequirePresent();
        State = MemberState.Invited;
    }

    public void Activate()
    {
        RequirePresent();
        State = MemberState.Active;
    }

    /// <summary>Ends the membership; the row stays until it is erased.</summary>
    public void Remove(Instant now)
    {
        RequirePresent();
        State = MemberState.Removed;
        RemoveTime = Moment.Stored(now);
    }

    public void RequirePresent()
    {
        if (State == MemberState.Removed)
        {
            throw MemberErrors.Removed(MemberId);
        }
    }
}

/// <summary>A person to invite, known to be valid.</summary>
internal sealed record MemberDraft(string Email, string FirstName, string LastName, MemberRole Role);

/// <summary>What an update changes, known to be valid; null stays as it is.</summary>
internal sealed record MemberChange(string? FirstName, string? LastName, MemberRole? Role);

/// <summary>What is corrected, known to be valid; null stays as it is.</summary>
internal sealed record MemberCorrection(string? Email, string? FirstName, string? LastName)
{
    public int Count => new[] { Email, FirstName, LastName }.Count(v => v is not null);
}
