using Kalisecu.Errors.V1;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.PrivacyRequests;

public sealed class RequestsOfMembersTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly RequestDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Right> Rights() => [.. Enum.GetValues<Right>().Where(r => r is not Right.Unspecified)];

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task A_member_asks_for_a_right_and_is_answered(Right right)
    {
        var (headers, _, member) = await _desk.MemberAsync(RequestDesk.Address());

        var made = await _desk.CreateAsync(headers, everywhere: false, right);
        await _desk.RecordOutcomeAsync(made.PrivacyRequestId, right);
        var closed = await _desk.CompleteAsync(made.PrivacyRequestId);

        Assert.Equal(IdentityMethod.Session, made.IdentityMethod);
        Assert.Equal(PrivacyRequestState.Acknowledged, made.State);
        Assert.Equal(member.ToString("D"), Assert.Single(made.Subjects).PersonId);
        Assert.Equal(PrivacyRequestState.Completed, closed.State);
        Assert.Equal(RightOutcome.Granted, Assert.Single(closed.Rights).Outcome);
        Assert.Contains(
            "CNIL",
            (await _desk.LetterAsync(made.PrivacyRequestId, "answer")).Plain,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "received acknowledged identity_confirmed completed",
            await _desk.StepsAsync(made.PrivacyRequestId)
        );
    }

    [Fact]
    public async Task A_member_learns_of_other_tenants_only_with_the_code_sent_to_the_address()
    {
        var email = RequestDesk.Address();
        var (headers, _, _) = await _desk.MemberAsync(email);
        await _desk.MemberAsync(email);

        var made = await _desk.CreateAsync(headers, everywhere: true, Right.Access);
        var letter = await _desk.LetterAsync(made.PrivacyRequestId, "identity");
        await _desk.ConfirmAsync(made.PrivacyRequestId, await _desk.CodeAsync(made.PrivacyRequestId));
        var known = await _desk.GetAsync(made.PrivacyRequestId, headers);

        Assert.Single(made.Subjects);
        Assert.Equal(PrivacyRequestState.AwaitingIdentity, made.State);
        Assert.Equal(email, letter.Recipient);
        Assert.Equal(2, known.Subjects.Count);
        Assert.Equal(IdentityMethod.Code, known.IdentityMethod);
    }

    [Fact]
    public async Task A_duplicate_is_recorded_linked_and_answered_with_what_was_done()
    {
        var email = RequestDesk.Address();
        var (headers, _, _) = await _desk.MemberAsync(email);
        var staff = await _desk.OfficerAsync();
        var first = await _desk.CreateAsync(headers, everywhere: false, Right.Access);

        var second = await _desk.ReceiveAsync(email, staff, Right.Access);
        var other = await _desk.ReceiveAsync(email, staff, Right.Erasure);
        await _desk.RecordOutcomeAsync(first.PrivacyRequestId, Right.Access);
        await _desk.CompleteAsync(first.PrivacyRequestId);
        await _desk.Requests.JudgeIdentityAsync(
            new JudgeIdentityRequest { PrivacyRequestId = second.PrivacyRequestId, Grounds = "The same person wrote." },
            staff,
            cancellationToken: Cancel
        );
        var closed = await _desk.CompleteAsync(second.PrivacyRequestId);

        Assert.Equal(first.PrivacyRequestId, second.LinkedPrivacyRequestId);
        Assert.Equal("", other.LinkedPrivacyRequestId);
        Assert.Equal(RightOutcome.Granted, Assert.Single(closed.Rights).Outcome);
    }

    [Fact]
    public async Task A_member_sees_and_changes_no_request_of_anybody_else()
    {
        var (headers, _, _) = await _desk.MemberAsync(RequestDesk.Address());
        var (others, _, _) = await _desk.MemberAsync(RequestDesk.Address());
        var made = await _desk.CreateAsync(others, everywhere: false, Right.Access);

        await Refused.WithAsync(ErrorReason.NotFound, () => _desk.GetAsync(made.PrivacyRequestId, headers));
        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () =>
                await _desk.Requests.WithdrawPrivacyRequestAsync(
                    new WithdrawPrivacyRequestRequest { PrivacyRequestId = made.PrivacyRequestId },
                    headers,
                    cancellationToken: Cancel
                )
        );
        var own = await _desk.Requests.ListPrivacyRequestsAsync(
            new ListPrivacyRequestsRequest(),
            headers,
            cancellationToken: Cancel
        );
        Assert.Empty(own.PrivacyRequests);
    }
}
