using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Reports;

internal static class ReportProto
{
    public static ReportDraft Read(V1.ComposeReportRequest request, Instant now)
    {
        var violations = new Violations();
        var siteId = Fields.Id(request.SiteId, "site_id", violations);
        var title = Fields.Text(request.Title, "title", 1, 200, violations);
        var summary = Fields.Text(request.Summary, "summary", 0, 20_000, violations);
        var moment = Fields.OptionalTime(request.MomentTime, "moment_time", violations);
        violations.Check(moment is null || moment <= now, "moment_time", "must not lie in the future");
        var language = request.Language switch
        {
            V1.ReportLanguage.Unspecified => (ReportLanguage?)null,
            V1.ReportLanguage.Fr => ReportLanguage.Fr,
            V1.ReportLanguage.En => ReportLanguage.En,
            _ => Unknown<ReportLanguage?>("language", violations),
        };
        violations.ThrowIfAny();
        return new ReportDraft(siteId, title, language, summary, moment);
    }

    public static IReadOnlyList<ReportState> Read(IEnumerable<V1.ReportState> states, Violations violations) =>
        [
            .. states.Select(
                (state, i) =>
                    state switch
                    {
                        V1.ReportState.Draft => ReportState.Draft,
                        V1.ReportState.Published => ReportState.Published,
                        V1.ReportState.Discarded => ReportState.Discarded,
                        _ => Unknown<ReportState>($"states[{i}]", violations),
                    }
            ),
        ];

    public static Guid ReadId(string id)
    {
        var violations = new Violations();
        var reportId = Fields.Id(id, "report_id", violations);
        violations.ThrowIfAny();
        return reportId;
    }

    public static ReportFormat Read(V1.ExportReportRequest request)
    {
        var violations = new Violations();
        Fields.Id(request.ReportId, "report_id", violations);
        var format = request.Format switch
        {
            V1.ExportFormat.Json => ReportFormat.Json,
            V1.ExportFormat.Sarif => ReportFormat.Sarif,
            _ => Unknown<ReportFormat>("format", violations),
        };
        violations.ThrowIfAny();
        return format;
    }

    public static V1.Report Write(KalisecuDb db, Report report)
    {
        var message = Describe(report);
        message.State = report.State switch
        {
            ReportState.Draft => V1.ReportState.Draft,
            ReportState.Published => V1.ReportState.Published,
            ReportState.Discarded => V1.ReportState.Discarded,
            _ => throw new InvalidOperationException($"A report is {report.State}."),
        };
        message.Counts = new V1.ReportCounts
        {
            Critical = (uint)report.CriticalCount,
            High = (uint)report.HighCount,
            Medium = (uint)report.MediumCount,
            Low = (uint)report.LowCount,
            Info = (uint)report.InfoCount,
            OccurrenceCount = (ulong)report.OccurrenceCount,
            ObservationCount = (uint)report.ObservationCount,
        };
        message.Etag = Etag(db, report);
        if (report.State == ReportState.Published)
        {
            message.PublishTime = Fields.Write(report.PublishTime ?? report.CreateTime);
            message.Version = (uint)(report.Version ?? 0);
            message.Digest = ByteString.CopyFrom(report.Digest);
        }

        return message;
    }

    /// <summary>Adds what the frozen content cannot say of itself: what became of it, and its own digest.</summary>
    public static void Complete(V1.Report frozen, V1.Report current)
    {
        frozen.State = current.State;
        frozen.PublishTime = current.PublishTime;
        frozen.Version = current.Version;
        frozen.Digest = current.Digest;
        frozen.Counts = current.Counts;
        frozen.Etag = current.Etag;
    }

    /// <summary>The first entry of the frozen content: what is known when it is composed, and will not change.</summary>
    public static V1.ReportEntry Header(Report report, ReportSubject subject) =>
        new()
        {
            Header = new V1.ReportHeader
            {
                Report = Describe(report),
                SiteDisplayName = subject.SiteName,
                SiteUrl = subject.SiteUrl,
                TenantDisplayName = subject.TenantName,
            },
        };

    public static V1.ReportCounts Write(ReportCounts counts) =>
        new()
        {
            Critical = (uint)counts.Of(5),
            High = (uint)counts.Of(4),
            Medium = (uint)counts.Of(3),
            Low = (uint)counts.Of(2),
            Info = (uint)counts.Of(1),
            OccurrenceCount = (ulong)counts.Occurrences,
            ObservationCount = (uint)counts.Observations,
        };

    public static string Etag(KalisecuDb db, Report report) =>
        Persistence.Etag.Write(Persistence.Etag.VersionOf(db, report));

    private static V1.Report Describe(Report report) =>
        new()
        {
            ReportId = report.ReportId.ToString("D"),
            SiteId = report.SiteId.ToString("D"),
            Title = report.Title,
            Language = report.Language == ReportLanguage.Fr ? V1.ReportLanguage.Fr : V1.ReportLanguage.En,
            Summary = report.Summary,
            MomentTime = Fields.Write(report.MomentTime),
            CreateTime = Fields.Write(report.CreateTime),
        };

    private static T Unknown<T>(string field, Violations violations)
    {
        violations.Add(field, "must be one of the named values");
        return default!;
    }
}
