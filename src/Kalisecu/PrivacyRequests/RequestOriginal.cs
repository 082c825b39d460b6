using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>What came on paper or by mail, as it came.</summary>
internal sealed class RequestOriginal
{
    private RequestOriginal() { }

    public Guid TenantId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid OriginalId { get; private init; }

    public byte[] FileName { get; private init; } = [];

    public string MediaType { get; private init; } = "";

    public byte[] DocumentDigest { get; private init; } = [];

    public long DocumentSizeBytes { get; private init; }

    public string DocumentObject { get; private init; } = "";

    public Instant CreateTime { get; private init; }

    public static RequestOriginal Of(
        Guid privacyRequestId,
        string fileName,
        string mediaType,
        StoredObject document,
        DataKey key,
        Instant now
    )
    {
        var id = Ids.New(now);
        return new RequestOriginal
        {
            TenantId = TenantScope.Platform,
            PrivacyRequestId = privacyRequestId,
            OriginalId = id,
            FileName = key.EncryptText(fileName, "file_name", id),
            MediaType = mediaType,
            DocumentDigest = document.Digest,
            DocumentSizeBytes = document.SizeBytes,
            DocumentObject = document.Name,
            CreateTime = Moment.Stored(now),
        };
    }
}
