using Grpc.Core;
using Kalisecu.Errors;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Retention;

internal static class RetentionErrors
{
    public static Refusal HoldReleased(LegalHold hold) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.LegalHoldReleased,
            "The hold was released: place a new one if something has to be kept.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["hold_id"] = hold.HoldId.ToString("D") }
        );

    public static Refusal DataForgotten(Guid tenantId) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.DataForgotten,
            "The retention of the client's data has ended: nothing is left that could be held.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["tenant_id"] = tenantId.ToString("D") }
        );

    public static Refusal ArchiveRequested(ClientArchive archive) =>
        new(
            StatusCode.AlreadyExists,
            Errors.V1.ErrorReason.ArchiveRequested,
            "The archive was chosen before.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["archive_id"] = archive.ArchiveId.ToString("D") }
        );

    public static Refusal ArchiveTooLate(LocalDate deleteDate) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.ArchiveTooLate,
            "The time on the dashboard is over: the data goes.",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["delete_date"] = LocalDatePattern.Iso.Format(deleteDate),
            }
        );
}
