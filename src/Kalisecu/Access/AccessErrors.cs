using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using Reason = Kalisecu.Errors.V1.ErrorReason;

namespace Kalisecu.Access;

/// <summary>Refusals at the edge, made before any lookup of what was asked for.</summary>
internal static class AccessErrors
{
    public static Refusal CertificateRequired() =>
        new(
            StatusCode.Unauthenticated,
            Reason.CertificateRequired,
            "Present a client certificate of one of our authorities."
        );

    public static Refusal CertificateNotAccepted() =>
        new(
            StatusCode.Unauthenticated,
            Reason.CertificateNotAccepted,
            "This certificate is expired, or names nobody whom this port serves: renew it or enrol again."
        );

    public static Refusal AgentRevoked() =>
        new(
            StatusCode.Unauthenticated,
            Reason.AgentRevoked,
            "This agent was revoked: an administrator must enrol it again."
        );

    public static Refusal CallerNotAllowed(CallerKind kind, string method) =>
        new(
            StatusCode.PermissionDenied,
            Reason.CallerNotAllowed,
            $"A certificate of kind {Lower(kind)} may not call {method}.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["caller"] = Lower(kind), ["method"] = method }
        );

    public static Refusal SessionRequired(string method) =>
        new(
            StatusCode.Unauthenticated,
            Reason.SessionRequired,
            "A person must be signed in: send the session token in the header kalisecu-session.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["method"] = method }
        );

    public static Refusal SessionNotValid() =>
        new(StatusCode.Unauthenticated, Reason.SessionNotValid, "The session has ended or never was: sign in again.");

    public static Refusal RoleNotAllowed(Role role, string method) =>
        new(
            StatusCode.PermissionDenied,
            Reason.RoleNotAllowed,
            "Your role may not do this.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = role.ToString(), ["method"] = method }
        );

    public static Refusal SecondFactorRequired() =>
        new(
            StatusCode.PermissionDenied,
            Reason.SecondFactorRequired,
            "This needs a session that was opened with a second factor: set one up, then sign in with its code."
        );

    public static Refusal TenantRequired() =>
        new(
            StatusCode.InvalidArgument,
            Reason.TenantRequired,
            "Name the tenant to work in: send its identifier in the header kalisecu-tenant."
        );

    public static Refusal TenantNotAllowed() =>
        new(
            StatusCode.PermissionDenied,
            Reason.TenantNotAllowed,
            "The header kalisecu-tenant names another tenant than your own: leave it out."
        );

    private static string Lower(CallerKind kind) => kind.ToString().ToLowerInvariant();
}
