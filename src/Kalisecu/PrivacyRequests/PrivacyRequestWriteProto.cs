using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.PrivacyRequests;

/// <summary>Requests as callers see them.</summary>
internal static partial class PrivacyRequestProto
{
    /// <summary>A request as one caller may see it.</summary>
    /// <param name="person">Who reads: members see other persons only once it is known that they are the same, and no notes.</param>
    public static V1.PrivacyRequest Write(
        PrivacyRequest request,
        IReadOnlyCollection<RequestSubject> subjects,
        IEnumerable<RequestOriginal> originals,
        Person? person,
        DataKey key,
        Instant now
    )
    {
        var id = request.PrivacyRequestId;
        var today = Paris.DateOf(now);
        var isMember = person is { IsStaff: false };
        var written = new V1.PrivacyRequest
        {
            PrivacyRequestId = id.ToString("D"),
            Reference = request.Reference,
            Channel = Of(request.Channel),
            State = Of(request.State),
            Rights = { request.Rights.OrderBy(r => r.Right).Select(Write) },
            Subjects =
            {
                subjects
                    .Where(s => !isMember || s.IdentityTime is not null || s.PersonId == person!.PersonId)
                    .Select(Write),
            },
            Language = request.Language is Outbox.Language.Fr ? V1.RequestLanguage.Fr : V1.RequestLanguage.En,
            ReceivedDate = LocalDatePattern.Iso.Format(request.ReceivedDate),
            DueDate = LocalDatePattern.Iso.Format(request.DueDate),
            RuleVersion = request.RuleVersion,
            DaysLeft = request.IsOpen ? Period.DaysBetween(today, request.DueDate) : 0,
            Overdue = request.IsOverdueOn(today),
            Extendable = request.MayExtendAt(now),
            ExtendReasons = Open(request.ExtendReasons, "extend_reasons", id, key),
            IdentityState =
                request.State is PrivacyRequestState.AwaitingIdentity ? V1.IdentityState.Awaited
                : request.IdentityMethod is null || subjects.Any(s => s.IdentityTime is null)
                    ? V1.IdentityState.Unconfirmed
                : V1.IdentityState.Confirmed,
            IdentityMethod = Of(request.IdentityMethod),
            IdentityGrounds = isMember ? "" : Open(request.IdentityGrounds, "identity_grounds", id, key),
            Email = Open(request.Email, "email", id, key),
            RequesterName = Open(request.RequesterName, "requester_name", id, key),
            PostalAddress = Open(request.PostalAddress, "postal_address", id, key),
            Details = Open(request.Details, "details", id, key),
            LinkedPrivacyRequestId = isMember ? "" : request.LinkedPrivacyRequestId?.ToString("D") ?? "",
            Originals = { originals.Select(o => Write(o, key)) },
            CreateTime = Fields.Write(request.CreateTime),
            CloseReasons = Open(request.CloseReasons, "close_reasons", id, key),
            AnsweredLate = request.AnsweredLate,
            Etag = Etag.Write(request.Version),
        };
        WriteTimes(request, written, today);
        return written;
    }

    private static void WriteTimes(PrivacyRequest request, V1.PrivacyRequest written, LocalDate today)
    {
        if (request.SuspendDate is not null || request.SuspendedDays > 0)
        {
            written.SuspendedDueDate = LocalDatePattern.Iso.Format(request.LastDay(today));
        }

        if (request.ExtendTime is { } extended)
        {
            written.ExtendTime = Fields.Write(extended);
        }

        if (request.ExtendNoticeTime is { } notified)
        {
            written.ExtendNoticeTime = Fields.Write(notified);
        }

        if (request.AcknowledgeTime is { } acknowledged)
        {
            written.AcknowledgeTime = Fields.Write(acknowledged);
        }

        if (request.CloseTime is { } closed)
        {
            written.CloseTime = Fields.Write(closed);
        }
    }

    private static V1.RequestedRight Write(RequestedRight right)
    {
        var written = new V1.RequestedRight
        {
            Right = Of(right.Right),
            Outcome = Of(right.Outcome),
            OutcomeId = right.OutcomeId?.ToString("D") ?? "",
        };
        if (right.OutcomeTime is { } time)
        {
            written.OutcomeTime = Fields.Write(time);
        }

        return written;
    }

    private static V1.RequestSubject Write(RequestSubject subject) =>
        new()
        {
            PersonId = subject.PersonId.ToString("D"),
            PersonTenantId = subject.PersonTenantId == TenantScope.Platform ? "" : subject.PersonTenantId.ToString("D"),
            Kind = Of(subject.PersonKind),
        };

    private static V1.RequestOriginal Write(RequestOriginal original, DataKey key) =>
        new()
        {
            OriginalId = original.OriginalId.ToString("D"),
            FileName = key.DecryptText(original.FileName, "file_name", original.OriginalId),
            MediaType = original.MediaType,
            DocumentDigest = ByteString.CopyFrom(original.DocumentDigest),
            DocumentSizeBytes = (ulong)original.DocumentSizeBytes,
            CreateTime = Fields.Write(original.CreateTime),
        };

    private static string Open(byte[]? value, string what, Guid owner, DataKey key) =>
        value is null ? "" : key.DecryptText(value, what, owner);
}
