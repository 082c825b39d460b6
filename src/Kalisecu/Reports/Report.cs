using System.Globalization;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Reports;

internal enum ReportLanguage
{
    Fr,
    En,
}

internal enum ReportState
{
    Draft,
    Published,
    Discarded,
}

/// <summary>The state of a site at a moment. Its content is an object; the row says what it is and who may see it.</summary>
internal sealed class Report
{
    private Report() { }

    public Guid TenantId { get; private init; }

    public Guid ReportId { get; private init; }

    public Guid SiteId { get; private init; }

    public string Title { get; private init; } = "";

    public ReportLanguage Language { get; private init; }

    public string Summary { get; private init; } = "";

    public Instant MomentTime { get; private init; }

    public ReportState State { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant? PublishTime { get; private set; }

    public int? Version { get; private set; }

    public byte[] Digest { get; private set; } = [];

    public string ObjectName { get; private set; } = "";

    public long SizeBytes { get; private set; }

    public int CriticalCount { get; private set; }

    public int HighCount { get; private set; }

    public int MediumCount { get; private set; }

    public int LowCount { get; private set; }

    public int InfoCount { get; private set; }

    public long OccurrenceCount { get; private set; }

    public int ObservationCount { get; private set; }

    /// <summary>Name of a file that holds it, without its ending.</summary>
    public string FileName =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"kalisecu-report-{ReportId:D}{(Version is { } version ? $"-v{version}" : "-draft")}"
        );

    public static Report Draft(Guid tenantId, ReportDraft draft, ReportLanguage language, Instant now) =>
        new()
        {
            TenantId = tenantId,
            ReportId = Ids.New(now),
            SiteId = draft.SiteId,
            Title = draft.Title,
            Language = language,
            Summary = draft.Summary,
            MomentTime = Moment.Stored(draft.MomentTime ?? now),
            State = ReportState.Draft,
            CreateTime = Moment.Stored(now),
        };

    /// <summary>Takes over the content that was written for it.</summary>
    public void Fill(byte[] digest, string objectName, long sizeBytes, ReportCounts counts)
    {
        Digest = digest;
        ObjectName = objectName;
        SizeBytes = sizeBytes;
        CriticalCount = counts.Of(5);
        HighCount = counts.Of(4);
        MediumCount = counts.Of(3);
        LowCount = counts.Of(2);
        InfoCount = counts.Of(1);
        OccurrenceCount = counts.Occurrences;
        ObservationCount = counts.Observations;
    }

    /// <summary>Freezes it under the next version of its site; from now on the tenant's members see it.</summary>
    public void Publish(int version, Instant now)
    {
        DemandDraft();
        State = ReportState.Published;
        Version = version;
        PublishTime = Moment.Stored(now);
    }

    public void Discard()
    {
        DemandDraft();
        State = ReportState.Discarded;
    }

    private void DemandDraft()
    {
        switch (State)
        {
            case ReportState.Draft:
                break;
            case ReportState.Published:
                throw ReportErrors.Published(ReportId);
            case ReportState.Discarded:
                throw ReportErrors.Discarded(ReportId);
            default:
                throw new InvalidOperationException($"A report is {State}.");
        }
    }
}
