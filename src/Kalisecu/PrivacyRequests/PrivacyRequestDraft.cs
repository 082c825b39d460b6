using Kalisecu.Outbox;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>A request that reached us, known to be valid; what was not given is empty.</summary>
internal sealed record PrivacyRequestDraft(
    RequestChannel Channel,
    LocalDate ReceivedDate,
    IReadOnlyList<Right> Rights,
    string Email,
    string RequesterName,
    string PostalAddress,
    string Details,
    Language Language
)
{
    /// <summary>The member who made it; null when staff received it.</summary>
    public PersonRef? Member { get; init; }

    /// <summary>null when there is no address.</summary>
    public byte[]? EmailHash { get; init; }

    public Guid? LinkedPrivacyRequestId { get; init; }
}
