using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Findings;
using NodaTime;

namespace Kalisecu.Tests.Findings;

public sealed class FindingTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 9, 0);
    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly Guid Person = new("018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e5f");

    [Fact]
    public void A_dismissed_finding_does_not_count_and_history_says_who_decided_why()
    {
        var finding = AFinding();

        var decided = finding.Dismiss(ADismissal(), Person, Now);

        Assert.True(finding.IsDismissed(Now));
        Assert.Equal(FindingEventKind.Dismissed, decided.Kind);
        Assert.Equal(Person, decided.PersonId);
        Assert.Equal(DismissalKind.FalsePositive, decided.DismissalKind);
        Assert.Equal("Seen by hand", decided.DismissalJustification);
    }

    [Fact]
    public void Dismissing_a_dismissed_finding_is_refused()
    {
        var finding = AFinding();
        finding.Dismiss(ADismissal(), Person, Now);

        Assert.Equal(ErrorReason.FindingDismissed, Refused(() => finding.Dismiss(ADismissal(), Person, Now)));
    }

    [Fact]
    public void Dismissing_a_closed_finding_is_refused()
    {
        var finding = AFinding(FindingState.Closed);

        Assert.Equal(ErrorReason.FindingClosed, Refused(() => finding.Dismiss(ADismissal(), Person, Now)));
    }

    [Fact]
    public void A_restored_finding_counts_again()
    {
        var finding = AFinding();
        finding.Dismiss(ADismissal(), Person, Now);

        var restored = finding.Restore(Person, "It shows after all", Now + Hour);

        Assert.False(finding.IsDismissed(Now + Hour));
        Assert.Null(finding.DismissalJustification);
        Assert.Equal("It shows after all", restored.Reason);
        Assert.Equal(ErrorReason.FindingNotDismissed, Refused(() => finding.Restore(Person, "", Now + Hour)));
    }

    [Fact]
    public void A_decision_counts_until_its_end_and_not_at_it()
    {
        var finding = AFinding();
        finding.Dismiss(ADismissal(Now + Hour), Person, Now);

        Assert.True(finding.IsDismissed(Now + Hour - Duration.Epsilon));
        Assert.False(finding.IsDismissed(Now + Hour));
        Assert.Equal(ErrorReason.FindingNotDismissed, Refused(() => finding.Restore(Person, "", Now + Hour)));
    }

    [Fact]
    public void An_ended_decision_is_settled_once_under_the_moment_of_its_end()
    {
        var finding = AFinding();
        finding.Dismiss(ADismissal(Now + Hour), Person, Now);

        Assert.Null(finding.EndExpired(Now));
        var ended = finding.EndExpired(Now + Hour + Hour);

        Assert.Equal(FindingEventKind.DismissalExpired, ended?.Kind);
        Assert.Equal(Now + Hour, ended?.EventTime);
        Assert.Null(finding.DismissalKind);
        Assert.Null(finding.EndExpired(Now + Hour + Hour));
    }

    [Fact]
    public void A_finding_is_dismissed_anew_when_the_decision_before_has_ended()
    {
        var finding = AFinding();
        finding.Dismiss(ADismissal(Now + Hour), Person, Now);

        finding.EndExpired(Now + Hour);
        finding.Dismiss(ADismissal(), Person, Now + Hour);

        Assert.True(finding.IsDismissed(Now + Hour));
    }

    private static DismissalDraft ADismissal(Instant? until = null) =>
        new(DismissalKind.FalsePositive, "Seen by hand", until);

    // Only scans make findings, by SQL: there is no constructor to call.
    private static Finding AFinding(FindingState state = FindingState.Open)
    {
        var finding = (Finding)Activator.CreateInstance(typeof(Finding), nonPublic: true)!;
        typeof(Finding).GetProperty(nameof(Finding.State))!.SetValue(finding, state);
        return finding;
    }

    private static ErrorReason Refused(Action act) => Assert.Throws<Refusal>(act).Reason;
}
