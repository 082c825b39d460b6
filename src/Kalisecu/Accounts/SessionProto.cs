using System.Text;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Tenancy;

namespace Kalisecu.Accounts;

internal static class SessionProto
{
    // More than any password of ours; what is longer would only cost hashing.
    private const int PasswordBytes = 1024;

    public static SignInAttempt Read(V1.SignInRequest request, KeyRing keys, string callerName)
    {
        var violations = new Violations();
        var email = Fields.Text(request.Email, "email", StaffDraft.EmailMinimum, StaffDraft.EmailMaximum, violations);
        var attempt = new SignInAttempt(
            keys.HashEmail(email),
            Password(request.Password, "password", violations),
            request.TotpCode.Length == 0 ? "" : Code(request.TotpCode, violations),
            Fields.OptionalId(request.TenantId, "tenant_id", violations),
            callerName
        );
        violations.ThrowIfAny();
        return attempt;
    }

    public static (string Token, string Password) Read(V1.AcceptInvitationRequest request)
    {
        var violations = new Violations();
        var token = Token(request.InvitationToken, violations);
        var password = Password(request.Password, "password", violations);
        violations.ThrowIfAny();
        return (token, password);
    }

    public static (string Token, string Code) Read(V1.CompleteInvitationRequest request)
    {
        var violations = new Violations();
        var token = Token(request.InvitationToken, violations);
        var code = Code(request.TotpCode, violations);
        violations.ThrowIfAny();
        return (token, code);
    }

    public static (string Current, string Wanted) Read(V1.ChangePasswordRequest request)
    {
        var violations = new Violations();
        var current = Password(request.CurrentPassword, "current_password", violations);
        var wanted = Password(request.NewPassword, "new_password", violations);
        violations.ThrowIfAny();
        return (current, wanted);
    }

    public static string ReadPassword(string password)
    {
        var violations = new Violations();
        Password(password, "password", violations);
        violations.ThrowIfAny();
        return password;
    }

    public static string ReadCode(string code)
    {
        var violations = new Violations();
        Code(code, violations);
        violations.ThrowIfAny();
        return code;
    }

    public static V1.SignInResponse Write(SignedIn signedIn)
    {
        var response = new V1.SignInResponse { SessionToken = signedIn.Token ?? "" };
        if (signedIn.Session is { } session)
        {
            response.Session = Write(session, signedIn.Card!);
        }

        response.Choices.AddRange(
            signedIn.Choices.Select(c => new V1.TenantChoice
            {
                TenantId = c.TenantId.ToString("D"),
                DisplayName = c.TenantName,
            })
        );
        return response;
    }

    public static V1.Session Write(Session session, PersonCard card) =>
        new()
        {
            SessionId = session.SessionId.ToString("D"),
            PersonId = session.PersonId.ToString("D"),
            PersonKind = KindOf(card),
            Role = Write(card.Role),
            TenantId = card.IsStaff ? "" : session.TenantId.ToString("D"),
            Email = card.Email,
            DisplayName = card.DisplayName,
            MultiFactor = session.MultiFactor,
            CallerName = session.Frontend,
            CreateTime = Fields.Write(session.CreateTime),
            UseTime = Fields.Write(session.UseTime),
            ExpireTime = Fields.Write(session.ExpireTime),
        };

    public static V1.SecondFactor Write(BegunSecondFactor begun) =>
        new() { Secret = begun.Secret, OtpauthUri = begun.Uri };

    public static V1.PersonKind KindOf(PersonCard card) => card.IsStaff ? V1.PersonKind.Staff : V1.PersonKind.Member;

    private static V1.PersonRole Write(Role role) =>
        role switch
        {
            Role.MemberReader => V1.PersonRole.MemberReader,
            Role.MemberOwner => V1.PersonRole.MemberOwner,
            Role.StaffAnalyst => V1.PersonRole.StaffAnalyst,
            Role.StaffAdministrator => V1.PersonRole.StaffAdministrator,
            Role.StaffDpo => V1.PersonRole.StaffDpo,
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no such role"),
        };

    private static string Password(string value, string field, Violations violations)
    {
        violations.Check(
            Encoding.UTF8.GetByteCount(value) is >= 1 and <= PasswordBytes,
            field,
            $"must have 1 to {PasswordBytes} bytes"
        );
        return value;
    }

    private static string Code(string value, Violations violations)
    {
        violations.Check(value.Length == 6 && value.All(char.IsAsciiDigit), "totp_code", "must have 6 digits");
        return value;
    }

    private static string Token(string value, Violations violations)
    {
        violations.Check(value.Length is >= 1 and <= 100, "invitation_token", "must have 1 to 100 characters");
        return value;
    }
}
