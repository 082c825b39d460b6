using System.Text.RegularExpressions;
using Kalisecu.Accounts;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Persistence;

namespace Kalisecu.Tenants;

internal static partial class MemberProto
{
    private static readonly string[] Changeable = ["first_name", "last_name", "role"];

    public static MemberDraft Read(V1.InviteMemberRequest request)
    {
        var violations = new Violations();
        var draft = new MemberDraft(
            ReadEmail(request.Email, "email", violations),
            Fields.Line(request.FirstName, "first_name", 1, 100, violations),
            Fields.Line(request.LastName, "last_name", 1, 100, violations),
            ReadRole(request.Role, violations)
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static (Guid MemberId, MemberChange Change) Read(V1.UpdateMemberRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.MemberId, "member_id", violations);
        var mask = Masks.Read(request.UpdateMask, Changeable, violations);
        var change = new MemberChange(
            mask.Contains("first_name") ? Fields.Line(request.FirstName, "first_name", 1, 100, violations) : null,
            mask.Contains("last_name") ? Fields.Line(request.LastName, "last_name", 1, 100, violations) : null,
            mask.Contains("role") ? ReadRole(request.Role, violations) : null
        );
        violations.ThrowIfAny();
        return (id, change);
    }

    public static Guid ReadId(string memberId)
    {
        var violations = new Violations();
        var id = Fields.Id(memberId, "member_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    /// <summary>An address as RFC 5321, 4.5.3.1 bounds it; whether it exists only a mail can tell.</summary>
    public static string ReadEmail(string value, string field, Violations violations)
    {
        var email = Fields.Text(value, field, 3, 254, violations);
        violations.Check(Address().IsMatch(email), field, "must be an e-mail address");
        return email;
    }

    public static IReadOnlyList<MemberState> ReadStates(IEnumerable<V1.MemberState> states, Violations violations)
    {
        var read = new List<MemberState>();
        foreach (var state in states)
        {
            violations.Check(
                state != V1.MemberState.Unspecified && Enum.IsDefined(state),
                "states",
                "must be of the named values"
            );
            read.Add(
                state switch
                {
                    V1.MemberState.Active => MemberState.Active,
                    V1.MemberState.Removed => MemberState.Removed,
                    _ => MemberState.Invited,
                }
            );
        }

        return read;
    }

    public static V1.Member Write(Member member, SignInFacts? facts, DataKey key)
    {
        var written = new V1.Member
        {
            MemberId = member.MemberId.ToString("D"),
            Email = key.DecryptText(member.Email, "email", member.MemberId),
            FirstName = key.DecryptText(member.FirstName, "first_name", member.MemberId),
            LastName = key.DecryptText(member.LastName, "last_name", member.MemberId),
            Role = member.Role == MemberRole.Owner ? V1.MemberRole.Owner : V1.MemberRole.Reader,
            State = member.State switch
            {
                MemberState.Invited => V1.MemberState.Invited,
                MemberState.Active => V1.MemberState.Active,
                MemberState.Removed => V1.MemberState.Removed,
                _ => throw new InvalidOperationException($"No state: {member.State}"),
            },
            SecondFactor = facts?.HasSecondFactor ?? false,
            CreateTime = Fields.Write(member.CreateTime),
            Etag = Etag.Write(member.Version),
        };
        if (facts?.SignInTime is { } signedIn)
        {
            written.SignInTime = Fields.Write(signedIn);
        }

        if (member.RemoveTime is { } removed)
        {
            written.RemoveTime = Fields.Write(removed);
        }

        return written;
    }

    private static MemberRole ReadRole(V1.MemberRole role, Violations violations)
    {
        violations.Check(
            role is V1.MemberRole.Reader or V1.MemberRole.Owner,
            "role",
            "must be MEMBER_ROLE_READER or MEMBER_ROLE_OWNER"
        );
        return role == V1.MemberRole.Owner ? MemberRole.Owner : MemberRole.Reader;
    }

    [GeneratedRegex(@"\A[^\s@<>,;""]{1,64}@[^\s@<>,;""]{1,190}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
