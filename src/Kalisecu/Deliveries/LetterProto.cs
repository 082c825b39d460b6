using Google.Protobuf.WellKnownTypes;
using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Deliveries;

/// <summary>Which letters a list shows.</summary>
internal sealed record LetterQuery(
    IReadOnlyList<LetterState> States,
    string Kind,
    Guid? PersonId,
    Guid? CauseId,
    PageRequest Page
);

/// <summary>Wire to domain and back.</summary>
internal static class LetterProto
{
    public static LetterQuery Read(V1.ListLettersRequest request)
    {
        var violations = new Violations();
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var query = new LetterQuery(
            [.. request.States.Select(s => ReadState(s, violations))],
            Fields.Text(request.Kind, "kind", 0, 100, violations),
            Fields.OptionalId(request.PersonId, "person_id", violations),
            Fields.OptionalId(request.CauseId, "cause_id", violations),
            PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations)
        );
        violations.ThrowIfAny();
        return query;
    }

    public static (Guid LetterId, string Reason) Read(V1.GetLetterRequest request) =>
        Read(request.LetterId, request.Reason, 0, 500);

    public static Guid Read(V1.RetryLetterRequest request) => Read(request.LetterId, "", 0, 0).LetterId;

    public static (Guid LetterId, string Reason) Read(V1.MarkBouncedRequest request) =>
        Read(request.LetterId, request.Reason, 1, 200);

    public static V1.Letter Write(Letter letter) =>
        new()
        {
            LetterId = letter.LetterId.ToString("D"),
            TenantId = letter.TenantId == TenantScope.Platform ? "" : letter.TenantId.ToString("D"),
            Kind = letter.Kind,
            Nature = System.Enum.Parse<V1.LetterNature>(letter.Nature.ToString()),
            PersonId = letter.PersonId?.ToString("D") ?? "",
            Language = letter.Language is Language.Fr ? "fr" : "en",
            CauseType = letter.CauseType,
            CauseId = letter.CauseId.ToString("D"),
            State = System.Enum.Parse<V1.LetterState>(letter.State.ToString()),
            StateReason = letter.StateReason ?? "",
            CreateTime = Fields.Write(letter.CreateTime),
            NextTime = Fields.Write(letter.NextTime),
            AttemptCount = letter.AttemptCount,
            SendTime = Time(letter.SendTime),
            BounceTime = Time(letter.BounceTime),
        };

    private static (Guid LetterId, string Reason) Read(string letterId, string reason, int min, int max)
    {
        var violations = new Violations();
        var id = Fields.Id(letterId, "letter_id", violations);
        var text = Fields.Text(reason, "reason", min, max, violations);
        violations.ThrowIfAny();
        return (id, text);
    }

    private static LetterState ReadState(V1.LetterState state, Violations violations)
    {
        var isNamed = state is not V1.LetterState.Unspecified && System.Enum.IsDefined(state);
        return violations.Check(isNamed, "states", "must be one of the named values")
            ? System.Enum.Parse<LetterState>(state.ToString())
            : LetterState.Queued;
    }

    private static Timestamp? Time(Instant? time) => time is { } known ? Fields.Write(known) : null;
}
