using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.Accounts;

internal static class AccountErrors
{
    public static Refusal SignInRefused() =>
        new(
            StatusCode.Unauthenticated,
            Reason.SignInRefused,
            "E-mail address, password, code and tenant do not fit together, or the account may not sign in now."
        );

    public static Refusal Locked(Duration retryAfter) =>
        new(
            StatusCode.ResourceExhausted,
            Reason.AccountLocked,
            "Too many wrong attempts: nobody signs in with this address for a while.",
            retryAfter: retryAfter
        );

    public static Refusal InvitationNotValid() =>
        new(
            StatusCode.FailedPrecondition,
            Reason.InvitationNotValid,
            "This invitation was used, replaced or ran out: ask for a new one."
        );

    public static Refusal PasswordTooWeak(PasswordFault fault) =>
        new(
            StatusCode.InvalidArgument,
            Reason.PasswordTooWeak,
            fault switch
            {
                PasswordFault.TooShort => $"The password needs {PasswordRule.Minimum} characters or more.",
                PasswordFault.TooLong => $"The password may have {PasswordRule.Maximum} characters at most.",
                PasswordFault.TooCommon => "This password is among the first that anybody would try: choose another.",
                PasswordFault.TooClose =>
                    "The password is little more than the e-mail address or name: choose another.",
                _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
            },
            Metadata(
                "rule",
                fault switch
                {
                    PasswordFault.TooShort => "too_short",
                    PasswordFault.TooLong => "too_long",
                    PasswordFault.TooCommon => "too_common",
                    PasswordFault.TooClose => "too_close",
                    _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
                }
            )
        );

    public static Refusal PasswordWrong() =>
        new(StatusCode.PermissionDenied, Reason.PasswordWrong, "The current password is another one.");

    public static Refusal TotpCodeWrong() =>
        new(
            StatusCode.InvalidArgument,
            Reason.TotpCodeWrong,
            "The code is wrong: check the clock of the device and take the next code."
        );

    public static Refusal SecondFactorNotBegun() =>
        new(
            StatusCode.FailedPrecondition,
            Reason.SecondFactorNotBegun,
            "No second factor waits for its first code: begin one."
        );

    public static Refusal SecondFactorAbsent() =>
        new(StatusCode.FailedPrecondition, Reason.SecondFactorAbsent, "There is no second factor to remove.");

    public static Refusal EmailInUse() =>
        new(StatusCode.AlreadyExists, Reason.EmailInUse, "The e-mail address already has an account here.");

    public static Refusal LastAdministrator() =>
        new(
            StatusCode.FailedPrecondition,
            Reason.LastAdministrator,
            "Somebody must be able to run the platform: make another active administrator first."
        );

    public static Refusal AccountState(StaffAccount account) =>
        new(
            StatusCode.FailedPrecondition,
            Reason.AccountState,
            "The account is not in a state for this.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["account_id"] = account.AccountId.ToString("D"),
                ["state"] = account.State.ToString().ToUpperInvariant(),
            }
        );

    private static Dictionary<string, string> Metadata(string key, string value) =>
        new(StringComparer.Ordinal) { [key] = value };
}
