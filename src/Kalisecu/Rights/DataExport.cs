using Kalisecu.Objects;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Rights;

internal enum ExportKind
{
    /// <summary>Everything held, with the information of GDPR art. 15(1).</summary>
    Access,

    /// <summary>What the person provided, under consent or contract (GDPR art. 20).</summary>
    Portability,
}

internal enum ExportFormat
{
    Json,
    Html,
    Csv,
}

/// <summary>A copy of a person's data, kept for a while as a sealed object.</summary>
internal sealed class DataExport
{
    // Long enough to be fetched after a holiday; a copy of everything must not lie around for longer.
    private static readonly Duration KeptFor = Duration.FromDays(30);

    private DataExport() { }

    public Guid TenantId { get; private init; }

    public Guid ExportId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public Guid PersonId { get; private init; }

    public PersonKind PersonKind { get; private init; }

    public ExportKind Kind { get; private init; }

    public Language Language { get; private init; }

    public byte[] Digest { get; private set; } = [];

    public string ObjectName { get; private set; } = "";

    public long SizeBytes { get; private set; }

    public long RecordCount { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant ExpireTime { get; private init; }

    public Instant? RemoveTime { get; private set; }

    public PersonRef Person => new(TenantId, PersonId, PersonKind);

    public static DataExport Make(RightsCase rights, ExportKind kind, Language language, Instant now) =>
        new()
        {
            TenantId = rights.Person.TenantId,
            ExportId = Ids.New(now),
            PrivacyRequestId = rights.PrivacyRequestId,
            PersonId = rights.Person.PersonId,
            PersonKind = rights.Person.Kind,
            Kind = kind,
            Language = language,
            CreateTime = Moment.Stored(now),
            ExpireTime = Moment.Stored(now + KeptFor),
        };

    public void Fill(StoredObject stored, long recordCount)
    {
        Digest = stored.Digest;
        ObjectName = stored.Name;
        SizeBytes = stored.SizeBytes;
        RecordCount = recordCount;
    }

    /// <summary>Its object is gone.</summary>
    public void Remove(Instant now) => RemoveTime ??= Moment.Stored(now);

    public void DemandThere(Instant now)
    {
        if (RemoveTime is not null || ExpireTime <= now)
        {
            throw RightsErrors.ExportExpired(ExportId);
        }
    }

    public void DemandOffered(ExportFormat format)
    {
        var isOffered = (Kind, format) switch
        {
            (_, ExportFormat.Json) => true,
            (ExportKind.Access, ExportFormat.Html) => true,
            (ExportKind.Portability, ExportFormat.Csv) => true,
            _ => false,
        };
        if (!isOffered)
        {
            throw RightsErrors.FormatNotOffered($"{Kind}", $"{format}");
        }
    }
}

/// <summary>Opens one export once, for whoever holds its token.</summary>
internal sealed class ExportLink
{
    // The letter may wait over a weekend; a link that lies in a mailbox for longer is a risk of its own.
    private static readonly Duration ValidFor = Duration.FromDays(7);

    private ExportLink() { }

    public Guid TenantId { get; private init; }

    public Guid LinkId { get; private init; }

    public Guid ExportId { get; private init; }

    public byte[] TokenHash { get; private init; } = [];

    public ExportFormat Format { get; private init; }

    public Instant CreateTime { get; private init; }

    public Instant ExpireTime { get; private init; }

    public Instant? FetchTime { get; private set; }

    public static ExportLink To(DataExport export, ExportFormat format, byte[] tokenHash, Instant now)
    {
        export.DemandThere(now);
        export.DemandOffered(format);
        return new ExportLink
        {
            TenantId = export.TenantId,
            LinkId = Ids.New(now),
            ExportId = export.ExportId,
            TokenHash = tokenHash,
            Format = format,
            CreateTime = Moment.Stored(now),
            ExpireTime = Moment.Stored(Instant.Min(now + ValidFor, export.ExpireTime)),
        };
    }

    /// <summary>Uses it up.</summary>
    public void Fetch(Instant now)
    {
        if (FetchTime is not null || ExpireTime <= now)
        {
            throw RightsErrors.LinkNotValid();
        }

        FetchTime = Moment.Stored(now);
    }
}
