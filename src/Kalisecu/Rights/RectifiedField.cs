using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>One field that was corrected: the values stand as keyed digests, so that short ones cannot be guessed.</summary>
internal sealed class RectifiedField
{
    private RectifiedField() { }

    public Guid TenantId { get; private init; }

    public Guid RectificationId { get; private init; }

    public PersonField Field { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid PersonId { get; private init; }

    /// <summary>null when nothing was held in this field.</summary>
    public byte[]? OldDigest { get; private init; }

    public byte[] NewDigest { get; private init; } = [];

    /// <summary>In how many places.</summary>
    public int ChangeCount { get; private init; }

    public Instant CreateTime { get; private init; }

    public static RectifiedField Of(
        RightsCase rights,
        Guid rectificationId,
        PersonField field,
        byte[]? oldDigest,
        byte[] newDigest,
        int changeCount,
        Instant now
    ) =>
        new()
        {
            TenantId = rights.Person.TenantId,
            RectificationId = rectificationId,
            Field = field,
            PrivacyRequestId = rights.PrivacyRequestId,
            PersonId = rights.Person.PersonId,
            OldDigest = oldDigest,
            NewDigest = newDigest,
            ChangeCount = changeCount,
            CreateTime = Moment.Stored(now),
        };
}
