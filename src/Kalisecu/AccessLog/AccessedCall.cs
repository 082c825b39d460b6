using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.AccessLog;

/// <summary>One call under way, and what its entry will say.</summary>
internal sealed class AccessedCall(ServerCallContext context, IClock clock)
{
    private readonly Instant _accessTime = clock.GetCurrentInstant().ToMicroseconds();
    private readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>The request, or the first message of a stream.</summary>
    public object? Request { get; set; }

    public AccessDraft Allowed() => Ended(AccessOutcome.Allowed, "");

    public AccessDraft Ended(Exception exception) =>
        exception switch
        {
            Refusal refusal => Ended(AccessOutcome.Refused, RefusalStatus.ReasonName(refusal.Reason)),
            RpcException made => Ended(AccessOutcome.Failed, AccessEntryProto.Upper(made.StatusCode.ToString())),
            _ when context.CancellationToken.IsCancellationRequested => Ended(AccessOutcome.Failed, "CANCELLED"),
            _ => Ended(AccessOutcome.Failed, "INTERNAL"),
        };

    private AccessDraft Ended(AccessOutcome outcome, string reason)
    {
        var caller = Caller.Find(context);
        var duration = TimeProvider.System.GetElapsedTime(_started);
        return new AccessDraft(
            caller?.TenantId ?? TenantScope.Platform,
            _accessTime,
            duration.Ticks / TimeSpan.TicksPerMicrosecond,
            caller is null ? "" : AccessEntryProto.Text(caller.Kind),
            caller?.Name ?? "",
            caller?.Person?.PersonId,
            caller?.Person is { } person ? AccessEntryProto.Text(person.Role) : null,
            caller?.Person?.SessionId,
            // Without the slash that begins it on the wire.
            context.Method[1..],
            AccessObjects.Of(Request),
            outcome,
            reason
        );
    }
}
