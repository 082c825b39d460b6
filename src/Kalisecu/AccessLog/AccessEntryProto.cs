using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>Which entries a list is about, known to be valid.</summary>
internal sealed record AccessQuery(
    Guid? TenantId,
    Guid? PersonId,
    string Method,
    Guid? ObjectId,
    IReadOnlyList<AccessOutcome> Outcomes,
    Instant? StartTime,
    Instant? EndTime
);

internal static class AccessEntryProto
{
    // A gRPC method path of ours has under 100.
    private const int MaximumMethodLength = 200;

    public static AccessQuery Read(V1.AccessFilter? filter, Guid? tenantId, Violations violations)
    {
        filter ??= new V1.AccessFilter();
        return new AccessQuery(
            tenantId,
            Fields.OptionalId(filter.PersonId, "filter.person_id", violations),
            Fields.Text(filter.Method, "filter.method", 0, MaximumMethodLength, violations),
            Fields.OptionalId(filter.ObjectId, "filter.object_id", violations),
            [.. filter.Outcomes.Select((o, i) => Read(o, $"filter.outcomes[{i}]", violations))],
            Fields.OptionalTime(filter.StartTime, "filter.start_time", violations),
            Fields.OptionalTime(filter.EndTime, "filter.end_time", violations)
        );
    }

    public static V1.AccessEntry Write(AccessEntry entry)
    {
        var written = new V1.AccessEntry
        {
            WriterId = entry.WriterId.ToString("D"),
            Sequence = (ulong)entry.Sequence,
            AccessTime = Fields.Write(entry.AccessTime),
            CallerKind = entry.CallerKind,
            CallerName = entry.CallerName,
            PersonId = entry.PersonId?.ToString("D") ?? "",
            Role = entry.Role ?? "",
            SessionId = entry.SessionId?.ToString("D") ?? "",
            Method = entry.Method,
            TenantId = entry.TenantId == TenantScope.Platform ? "" : entry.TenantId.ToString("D"),
            Outcome = Write(entry.Outcome),
            Reason = entry.Reason,
            Duration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(
                TimeSpan.FromMicroseconds(entry.DurationMicros)
            ),
            ChainDigest = ByteString.CopyFrom(entry.Hash),
        };
        written.Objects.AddRange(
            entry
                .Objects.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(o => o.Split(':'))
                .Select(o => new V1.AccessedObject { Kind = o[0], ObjectId = o[1] })
        );
        return written;
    }

    public static V1.ChainBreak Write(ChainBreak found) =>
        new()
        {
            WriterId = found.WriterId.ToString("D"),
            Sequence = (ulong)found.Sequence,
            Kind = found.Kind switch
            {
                ChainBreakKind.Removed => V1.ChainBreakKind.Removed,
                ChainBreakKind.Changed => V1.ChainBreakKind.Changed,
                ChainBreakKind.Reordered => V1.ChainBreakKind.Reordered,
                _ => throw new ArgumentOutOfRangeException(nameof(found), found.Kind, "no such kind"),
            },
        };

    /// <summary>The name that the column holds: the mapper's, so that both read the same.</summary>
    public static string Text(AccessOutcome outcome) =>
        outcome switch
        {
            AccessOutcome.Allowed => nameof(AccessOutcome.Allowed),
            AccessOutcome.Refused => nameof(AccessOutcome.Refused),
            AccessOutcome.Failed => nameof(AccessOutcome.Failed),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no such outcome"),
        };

    public static string Text(CallerKind kind) =>
        kind switch
        {
            CallerKind.Frontend => "frontend",
            CallerKind.Worker => "worker",
            CallerKind.Agent => "agent",
            CallerKind.Operator => "operator",
            CallerKind.Enrolling => "enrolling",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such caller"),
        };

    public static string Text(Role role) =>
        role switch
        {
            Role.MemberReader => "member_reader",
            Role.MemberOwner => "member_owner",
            Role.StaffAnalyst => "staff_analyst",
            Role.StaffAdministrator => "staff_administrator",
            Role.StaffDpo => "staff_dpo",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no such role"),
        };

    /// <summary>The name of a gRPC status as its documents write it: <c>NotFound</c> is NOT_FOUND.</summary>
    public static string Upper(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 4);
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(letter));
        }

        return text.ToString();
    }

    private static AccessOutcome Read(V1.AccessOutcome outcome, string field, Violations violations)
    {
        switch (outcome)
        {
            case V1.AccessOutcome.Allowed:
                return AccessOutcome.Allowed;
            case V1.AccessOutcome.Refused:
                return AccessOutcome.Refused;
            case V1.AccessOutcome.Failed:
                return AccessOutcome.Failed;
            default:
                violations.Add(field, "must be an outcome");
                return AccessOutcome.Failed;
        }
    }

    private static V1.AccessOutcome Write(AccessOutcome outcome) =>
        outcome switch
        {
            AccessOutcome.Allowed => V1.AccessOutcome.Allowed,
            AccessOutcome.Refused => V1.AccessOutcome.Refused,
            AccessOutcome.Failed => V1.AccessOutcome.Failed,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no such outcome"),
        };
}
