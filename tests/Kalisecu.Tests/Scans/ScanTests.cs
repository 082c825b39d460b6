using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Persistence;
using Kalisecu.Scans;
using NodaTime;

namespace Kalisecu.Tests.Scans;

public sealed class ScanTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 9, 0);
    private static readonly Duration TenMinutes = Duration.FromMinutes(10);
    private static readonly Guid One = Ids.New(Now);
    private static readonly Guid Two = Ids.New(Now);

    [Fact]
    public void A_leased_scan_is_not_given_to_another_agent()
    {
        var scan = AScan();
        Lease(scan, One, Now);

        Assert.Equal(ErrorReason.LeaseHeldByOther, Refused(() => Lease(scan, Two, Now)));
    }

    [Fact]
    public void An_abandoned_scan_is_given_to_another_agent()
    {
        var scan = AScan();
        Lease(scan, One, Now);

        Lease(scan, Two, Now + TenMinutes);

        Assert.True(scan.IsLeasedTo(Two, Now + TenMinutes));
    }

    [Fact]
    public void A_job_that_is_taken_back_is_due_again_and_an_own_scan_has_failed()
    {
        var (job, own) = (AScan(), AScan(agentInitiated: true));
        Lease(job, One, Now);
        Lease(own, One, Now);

        job.Release(Now + TenMinutes);
        own.Release(Now + TenMinutes);

        Assert.Equal(ScanState.Due, job.State);
        Assert.Equal(ScanState.Failed, own.State);
        Assert.Equal("lease expired", own.Message);
    }

    [Fact]
    public void A_lease_that_lasts_is_not_taken_back()
    {
        var scan = AScan();
        Lease(scan, One, Now);

        Assert.Equal(ErrorReason.LeaseHeldByOther, Refused(() => scan.Release(Now)));
    }

    [Fact]
    public void A_lease_that_ran_out_cannot_be_renewed()
    {
        var scan = AScan();
        Lease(scan, One, Now);

        Assert.Equal(
            ErrorReason.LeaseExpired,
            Refused(() => scan.RenewLease(One, Guid.Empty, Now + TenMinutes, TenMinutes))
        );
    }

    [Fact]
    public void A_cancelled_scan_is_finished_for_everybody()
    {
        var scan = AScan();
        Lease(scan, One, Now);
        scan.Cancel("not today", Now);

        Assert.Equal(ErrorReason.ScanFinished, Refused(() => scan.Cancel("again", Now)));
        Assert.Equal(ErrorReason.ScanFinished, Refused(() => Lease(scan, One, Now)));
        Assert.Equal(ErrorReason.ScanFinished, Refused(() => scan.DemandLease(One, scan.LeaseId, Now)));
    }

    private static void Lease(Scan scan, Guid agent, Instant now) =>
        scan.Lease(agent, Ids.New(now), Guid.Empty, now, TenMinutes);

    private static ErrorReason Refused(Action act) => Assert.Throws<Refusal>(act).Reason;

    private static Scan AScan(bool agentInitiated = false) =>
        Scan.Create(
            Ids.New(Now),
            Ids.New(Now),
            new ScanDraft(
                Ids.New(Now),
                "zap",
                new Dictionary<string, string>(StringComparer.Ordinal),
                null,
                agentInitiated
            ),
            Now
        );
}
