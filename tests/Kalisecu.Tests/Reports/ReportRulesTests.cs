using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Reports;
using NodaTime;
using V1 = Kalisecu.Reports.V1;

namespace Kalisecu.Tests.Reports;

public sealed class ReportRulesTests
{
    private static readonly Instant Now = AReport.Now;

    [Fact]
    public void A_published_report_has_a_version_and_is_neither_published_again_nor_discarded()
    {
        var report = ADraft();

        report.Publish(3, Now);

        Assert.Equal(ReportState.Published, report.State);
        Assert.Equal(3, report.Version);
        Assert.Equal(Now, report.PublishTime);
        Assert.Equal(ErrorReason.ReportPublished, Refused(() => report.Publish(4, Now)));
        Assert.Equal(ErrorReason.ReportPublished, Refused(report.Discard));
    }

    [Fact]
    public void A_discarded_report_stays_discarded()
    {
        var report = ADraft();

        report.Discard();

        Assert.Equal(ErrorReason.ReportDiscarded, Refused(() => report.Publish(1, Now)));
        Assert.Equal(ErrorReason.ReportDiscarded, Refused(report.Discard));
    }

    [Fact]
    public void A_report_says_what_is_in_it()
    {
        var report = ADraft();
        var counts = new ReportCounts();
        counts.AddFinding(5);
        counts.AddFinding(1);
        counts.AddFinding(1);
        counts.AddOccurrence();
        counts.AddObservation();

        report.Fill(new byte[32], "name", 12, counts);

        Assert.Equal((1, 0, 2), (report.CriticalCount, report.MediumCount, report.InfoCount));
        Assert.Equal((1L, 1), (report.OccurrenceCount, report.ObservationCount));
    }

    [Fact]
    public void Moments_are_kept_as_the_database_keeps_them()
    {
        var draft = new ReportDraft(Guid.AllBitsSet, "Title", Language: null, "", Now + Duration.FromNanoseconds(789));

        var report = Report.Draft(Guid.AllBitsSet, draft, ReportLanguage.En, Now);

        Assert.Equal(Now, report.MomentTime);
    }

    [Fact]
    public void A_request_is_refused_with_all_its_faults()
    {
        var request = new V1.ComposeReportRequest
        {
            SiteId = "no id",
            Title = " ",
            Summary = new string('s', 20_001),
            Language = (V1.ReportLanguage)9,
            MomentTime = Fields.Write(Now + Duration.FromSeconds(1)),
        };

        var refusal = Assert.Throws<Refusal>(() => ReportProto.Read(request, Now));

        Assert.Equal(ErrorReason.InvalidRequest, refusal.Reason);
        Assert.Equal(
            ["site_id", "title", "summary", "moment_time", "language"],
            refusal.Violations.Select(v => v.Field)
        );
    }

    private static Report ADraft() =>
        Report.Draft(
            Guid.AllBitsSet,
            new ReportDraft(Guid.AllBitsSet, "Title", Language: null, "", MomentTime: null),
            ReportLanguage.Fr,
            Now
        );

    private static ErrorReason Refused(Action act) => Assert.Throws<Refusal>(act).Reason;
}
