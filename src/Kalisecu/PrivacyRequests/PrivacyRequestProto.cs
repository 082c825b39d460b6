using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Kalisecu.Time;
using NodaTime;
using NodaTime.Text;
using Language = Kalisecu.Outbox.Language;

namespace Kalisecu.PrivacyRequests;

internal static partial class PrivacyRequestProto
{
    private const int LongestText = 4000;
    private const int LongestReason = 2000;

    public static PrivacyRequestDraft Read(V1.ReceivePrivacyRequestRequest request, Instant now)
    {
        var violations = new Violations();
        violations.Check(
            request.Channel is V1.RequestChannel.Email or V1.RequestChannel.Paper,
            "channel",
            "must be REQUEST_CHANNEL_EMAIL or REQUEST_CHANNEL_PAPER"
        );
        var isPaper = request.Channel is V1.RequestChannel.Paper;
        var received = ReadDate(request.ReceivedDate, "received_date", violations);
        violations.Check(
            received is null || (received >= ResponseRule.All[0].Since && received <= Paris.DateOf(now)),
            "received_date",
            "must be a day from 2018-05-25 to today"
        );
        var email =
            request.Email.Length == 0 && isPaper ? "" : MemberProto.ReadEmail(request.Email, "email", violations);
        var address = Fields.Text(request.PostalAddress, "postal_address", 0, 500, violations);
        violations.Check(
            email.Length > 0 || address.Length > 0,
            "postal_address",
            "must be given when there is no e-mail address"
        );
        var draft = new PrivacyRequestDraft(
            isPaper ? RequestChannel.Paper : RequestChannel.Email,
            received ?? default,
            ReadRights(request.Rights, 1, violations),
            email,
            Fields.Line(request.RequesterName, "requester_name", 0, 200, violations),
            address,
            ReadWords(request.Details, "details", 0, LongestText, violations),
            ReadLanguage(request.Language, violations) ?? Language.Fr
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static (IReadOnlyList<Right> Rights, string Details, Language? Language) Read(
        V1.CreatePrivacyRequestRequest request
    )
    {
        var violations = new Violations();
        var read = (
            ReadRights(request.Rights, 1, violations),
            ReadWords(request.Details, "details", 0, LongestText, violations),
            ReadLanguage(request.Language, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, string FileName) Read(V1.OriginalHeader header)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(header.PrivacyRequestId, "privacy_request_id", violations),
            Fields.Line(header.FileName, "file_name", 1, 200, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, string Question, string Grounds) Read(V1.AskForIdentityRequest request)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.PrivacyRequestId, "privacy_request_id", violations),
            ReadWords(request.Question, "question", 10, LongestReason, violations),
            ReadWords(request.Grounds, "grounds", 10, LongestReason, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, string Code) Read(V1.ConfirmIdentityRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.PrivacyRequestId, "privacy_request_id", violations);
        var code = string.Concat(request.Code.Where(c => c is not (' ' or '-' or '\u00A0')));
        violations.Check(
            code.Length == IdentityCode.Digits && code.All(char.IsAsciiDigit),
            "code",
            $"must have {IdentityCode.Digits} digits"
        );
        violations.ThrowIfAny();
        return (id, code);
    }

    public static (Guid Id, IReadOnlyList<Right> Rights, string Reasons) Read(V1.RefusePrivacyRequestRequest request)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.PrivacyRequestId, "privacy_request_id", violations),
            ReadRights(request.Rights, 0, violations),
            ReadWords(request.Reasons, "reasons", 10, LongestText, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    /// <summary>A request and a text about it.</summary>
    public static (Guid Id, string Text) Read(string privacyRequestId, string text, string field, int min, int max)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(privacyRequestId, "privacy_request_id", violations),
            ReadWords(text, field, min, max, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid Id, Guid Other) ReadIds(string privacyRequestId, string other, string field)
    {
        var violations = new Violations();
        var read = (Fields.Id(privacyRequestId, "privacy_request_id", violations), Fields.Id(other, field, violations));
        violations.ThrowIfAny();
        return read;
    }

    public static Guid ReadId(string privacyRequestId)
    {
        var violations = new Violations();
        var id = Fields.Id(privacyRequestId, "privacy_request_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static RequestFilter Read(V1.ListPrivacyRequestsRequest request)
    {
        var violations = new Violations();
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var read = new RequestFilter(
            ReadStates(request.States, violations),
            request.DueByDate.Length == 0 ? null : ReadDate(request.DueByDate, "due_by_date", violations),
            request.Overdue,
            Fields.OptionalId(request.PersonId, "person_id", violations),
            PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    private static LocalDate? ReadDate(string value, string field, Violations violations)
    {
        if (LocalDatePattern.Iso.Parse(value).TryGetValue(default, out var date))
        {
            return date;
        }

        violations.Add(field, "must be a day such as 2026-01-31");
        return null;
    }

    // Words of people: their lines may end as on any machine.
    private static string ReadWords(string value, string field, int min, int max, Violations violations) =>
        Fields.Text(value.ReplaceLineEndings("\n"), field, min, max, violations);
}

/// <summary>What a list is about, known to be valid.</summary>
internal sealed record RequestFilter(
    IReadOnlyList<PrivacyRequestState> States,
    LocalDate? DueBy,
    bool Overdue,
    Guid? PersonId,
    PageRequest Page
);
