using Kalisecu.Persistence;
using Kalisecu.Time;

namespace Kalisecu.PrivacyRequests;

/// <summary>The file of a request proves that it was answered.</summary>
internal sealed class PrivacyRequestRetention : IRetention
{
    public IReadOnlyList<KeepingRule> Rules { get; } =
    [
        new(
            "privacy-requests",
            1,
            RetentionRule.Proof,
            CalendarPeriod.Proof,
            "the request was closed",
            "privacy_requests"
        )
        {
            Start = "t.close_time",
            Owned = ["privacy_request_originals", "privacy_request_rights", "privacy_request_subjects"],
            ObjectColumn = "document_object",
            ObjectsAreOwned = true,
            PersonColumn = "member_id",
            Key = ["tenant_id", "privacy_request_id"],
        },
    ];
}
