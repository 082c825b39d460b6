using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Outbox;
using Kalisecu.PrivacyRequests;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Tests.PrivacyRequests;

public sealed class PrivacyRequestTests
{
    // Tuesday; due Tuesday 10 March, extended Monday 11 May 2026 (10 May is a Sunday).
    private static readonly LocalDate Received = new(2026, 2, 10);
    private static readonly Instant Now = Paris.At(Received, 10);
    private static readonly byte[] Hash = [1, 2, 3];

    [Fact]
    public void A_request_is_due_a_month_after_it_reached_us()
    {
        var request = ARequest(Right.Access);

        Assert.Equal(new LocalDate(2026, 3, 10), request.DueDate);
        Assert.Equal("gdpr-12-3/1+fr-holidays/1", request.RuleVersion);
        Assert.Equal(PrivacyRequestState.Received, request.State);
        Assert.Equal(Paris.At(new LocalDate(2026, 2, 28), 8), request.NextAlarmTime);
    }

    [Fact]
    public void An_extension_one_minute_too_late_is_refused()
    {
        var request = ARequest(Right.Access);
        var midnight = Paris.EndOf(request.DueDate);

        var refusal = Assert.Throws<Refusal>(() => request.Extend([1], midnight));

        Assert.Equal(ErrorReason.ExtensionTooLate, refusal.Reason);
        Assert.Equal("2026-03-10", refusal.Metadata["due_date"]);
        request.Extend([1], midnight - Duration.FromMinutes(1));
        Assert.Equal(new LocalDate(2026, 3, 10), request.DueDate);
        Assert.True(request.NotifyExtension(midnight - Duration.FromMinutes(1), midnight));
        Assert.Equal(new LocalDate(2026, 5, 11), request.DueDate);
        Assert.Equal(
            ErrorReason.PrivacyRequestExtended,
            Assert.Throws<Refusal>(() => request.Extend([1], midnight)).Reason
        );
    }

    [Fact]
    public void A_suspension_does_not_give_the_extension_more_time()
    {
        var request = ARequest(Right.Access);
        request.AskForIdentity(new SentCode(Hash, [1]), grounds: null, Now);
        request.ConfirmIdentity(IdentityMethod.Code, grounds: null, Now + Duration.FromDays(20));

        var refusal = Assert.Throws<Refusal>(() => request.Extend([1], Paris.EndOf(new LocalDate(2026, 3, 10))));

        Assert.Equal(ErrorReason.ExtensionTooLate, refusal.Reason);
    }

    [Fact]
    public void The_clock_stands_while_the_identity_is_awaited_and_both_dates_are_kept()
    {
        var request = ARequest(Right.Access);
        request.AskForIdentity(new SentCode(Hash, [1]), grounds: null, Now + Duration.FromDays(2));
        // A second question suspends no second time.
        request.AskForIdentity(new SentCode(Hash, [1]), grounds: null, Now + Duration.FromDays(5));
        Assert.Equal(PrivacyRequestState.AwaitingIdentity, request.State);
        Assert.Equal(new LocalDate(2026, 3, 13), request.LastDay(Received.PlusDays(5)));

        request.ConfirmIdentity(IdentityMethod.Judgement, [1], Now + Duration.FromDays(12));

        Assert.Equal(10, request.SuspendedDays);
        Assert.Equal(new LocalDate(2026, 3, 10), request.DueDate);
        Assert.Equal(new LocalDate(2026, 3, 20), request.SuspendedDueDate);
        Assert.False(request.IsOverdueOn(new LocalDate(2026, 3, 20)));
        Assert.True(request.IsOverdueOn(new LocalDate(2026, 3, 21)));
        // The alarm goes by the earlier date.
        Assert.True(request.NextAlarmTime < Paris.At(new LocalDate(2026, 3, 10), 9));
    }

    [Fact]
    public void A_request_that_waits_for_an_answer_is_not_late_while_it_waits()
    {
        var request = ARequest(Right.Access);
        request.AskForIdentity(new SentCode(Hash, [1]), grounds: null, Now);

        Assert.False(request.IsOverdueOn(new LocalDate(2026, 6, 1)));
    }

    [Fact]
    public void A_code_that_was_tried_too_often_works_no_more_until_another_is_sent()
    {
        var request = ARequest(Right.Access);
        request.AskForIdentity(new SentCode(Hash, [1]), grounds: null, Now);

        var tries = Enumerable.Range(0, IdentityCode.AllowedAttempts).Select(_ => request.TryCode([9, 9, 9], Now));

        Assert.Equal(
            [CodeAttempt.Wrong, CodeAttempt.Wrong, CodeAttempt.Wrong, CodeAttempt.Wrong, CodeAttempt.Locks],
            tries.ToList()
        );
        Assert.Equal(CodeAttempt.Locked, request.TryCode(Hash, Now));
        request.AskForIdentity(new SentCode(Hash, [1]), grounds: null, Now);
        Assert.Equal(CodeAttempt.Right, request.TryCode(Hash, Now));
    }

    [Fact]
    public void A_code_expires()
    {
        var request = ARequest(Right.Access);
        request.AskForIdentity(new SentCode(Hash, [1]), grounds: null, Now);

        Assert.Equal(CodeAttempt.Wrong, request.TryCode(Hash, Now + IdentityCode.Valid));
    }

    [Fact]
    public void A_request_is_complete_only_when_each_right_has_its_outcome()
    {
        var request = ARequest(Right.Access, Right.Erasure);
        Assert.Equal(
            ErrorReason.IdentityNotConfirmed,
            Assert.Throws<Refusal>(() => request.RecordOutcome(Right.Access, Guid.CreateVersion7(), Now)).Reason
        );
        request.ConfirmIdentity(IdentityMethod.Session, grounds: null, Now);
        request.RecordOutcome(Right.Access, Guid.CreateVersion7(), Now);

        var refusal = Assert.Throws<Refusal>(() => request.Complete(explanation: null, Now));

        Assert.Equal(ErrorReason.RightsWithoutOutcome, refusal.Reason);
        Assert.Equal("Erasure", refusal.Metadata["rights"]);
        request.RecordOutcome(Right.Erasure, Guid.CreateVersion7(), Now);
        request.Complete(explanation: null, Now);
        Assert.Equal(PrivacyRequestState.Completed, request.State);
        Assert.Null(request.NextAlarmTime);
        Assert.Equal(Received.PlusYears(5), request.KeptUntil);
    }

    [Fact]
    public void The_same_outcome_twice_is_one_and_another_is_refused()
    {
        var request = ARequest(Right.Access);
        var export = Guid.CreateVersion7();
        request.ConfirmIdentity(IdentityMethod.Session, grounds: null, Now);
        request.RecordOutcome(Right.Access, export, Now);
        request.RecordOutcome(Right.Access, export, Now + Duration.FromHours(1));

        Assert.Equal(Now, request.Rights[0].OutcomeTime);
        Assert.Equal(
            ErrorReason.RightHasOutcome,
            Assert.Throws<Refusal>(() => request.RecordOutcome(Right.Access, Guid.CreateVersion7(), Now)).Reason
        );
        Assert.Equal(
            ErrorReason.RightNotRequested,
            Assert.Throws<Refusal>(() => request.RecordOutcome(Right.Erasure, export, Now)).Reason
        );
    }

    [Fact]
    public void A_refusal_of_one_right_leaves_the_others_and_of_the_last_closes_the_request()
    {
        var request = ARequest(Right.Access, Right.Erasure);

        Assert.Equal([Right.Erasure], request.Refuse([Right.Erasure], [1], Now));
        Assert.True(request.IsOpen);
        Assert.Equal([Right.Access], request.Refuse([], [1], Now));
        Assert.Equal(PrivacyRequestState.Refused, request.State);
        Assert.Equal(ErrorReason.PrivacyRequestClosed, Assert.Throws<Refusal>(() => request.Acknowledge(Now)).Reason);
    }

    [Fact]
    public void An_answer_after_the_last_day_is_marked_as_late()
    {
        var request = ARequest(Right.Access);

        request.CompleteWithNothingHeld(explanation: null, Paris.EndOf(request.DueDate));

        Assert.True(request.AnsweredLate);
        Assert.Equal(RightOutcome.NothingHeld, request.Rights[0].Outcome);
    }

    [Fact]
    public void A_request_of_the_last_of_January_of_a_leap_year_is_due_on_29_February()
    {
        var request = ARequest(new LocalDate(2028, 1, 31), Right.Access);

        Assert.Equal(new LocalDate(2028, 2, 29), request.DueDate);
    }

    private static PrivacyRequest ARequest(params Right[] rights) => ARequest(Received, rights);

    private static PrivacyRequest ARequest(LocalDate received, params Right[] rights) =>
        PrivacyRequest.Receive(
            new PrivacyRequestDraft(RequestChannel.Email, received, rights, "", "", "", "", Language.Fr),
            (text, _, _) => text.Length == 0 ? null : [1],
            FrenchHolidays.Metropolitan,
            Paris.At(received, 10)
        );
}
