using Kalisecu.Compliance.V1;
using Kalisecu.IntegrationTests.PrivacyRequests;
using Kalisecu.Keys;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.IntegrationTests.Compliance;

/// <summary>The promises about the rights of persons are broken on purpose: their checks see it, and see it mended.</summary>
public sealed class BrokenRightTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ComplianceDesk _desk = new(server);

    [Theory]
    [InlineData("RIGHT-1", Right.Access, "RIGHT-2")]
    [InlineData("RIGHT-2", Right.Rectification, "RIGHT-3")]
    [InlineData("RIGHT-3", Right.Erasure, "RIGHT-4")]
    [InlineData("RIGHT-4", Right.Restriction, "RIGHT-5")]
    [InlineData("RIGHT-5", Right.Portability, "RIGHT-6")]
    [InlineData("RIGHT-6", Right.Objection, "RIGHT-1")]
    public async Task RIGHT_1_to_RIGHT_7_A_request_past_its_day_breaks_its_right_and_the_promise_of_a_month(
        string clause,
        Right right,
        string other
    )
    {
        var request = await ReceiveAsync(right);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync(clause, "requests")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-7", "answers-in-time")).State);

        await server.Given.RunAsync(
            """
            update privacy_requests set received_date = current_date - 90, due_date = current_date - 59
            where privacy_request_id = $1
            """,
            request
        );
        var broken = await _desk.CheckAsync(clause, "requests");
        var inTime = await _desk.CheckAsync("RIGHT-7", "answers-in-time");
        var untouched = await _desk.CheckAsync(other, "requests");
        await EndAsync(request, "Withdrawn");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["overdue"]);
        Assert.Contains("overdue", broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Broken, inTime.State);
        Assert.Equal(ClauseState.Holds, untouched.State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync(clause, "requests")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-7", "answers-in-time")).State);
    }

    [Theory]
    [InlineData("RIGHT-1", Right.Access)]
    [InlineData("RIGHT-3", Right.Erasure)]
    public async Task RIGHT_1_to_RIGHT_6_A_request_that_was_closed_without_an_outcome_breaks_its_right(
        string clause,
        Right right
    )
    {
        var request = await ReceiveAsync(right);

        await EndAsync(request, "Completed");
        var broken = await _desk.CheckAsync(clause, "requests");
        await EndAsync(request, "Withdrawn");

        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Equal(1, broken.Figures["without_outcome"]);
        Assert.Contains("without an outcome", broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync(clause, "requests")).State);
    }

    [Fact]
    public async Task RIGHT_7_An_answer_that_came_late_breaks_it_for_a_month()
    {
        var request = await ReceiveAsync(Right.Access);
        await EndAsync(request, "Withdrawn");

        await LateAsync(request, daysAgo: 1);
        var late = await _desk.CheckAsync("RIGHT-7", "answers-in-time");
        await LateAsync(request, daysAgo: 31);

        Assert.Equal(ClauseState.Broken, late.State);
        Assert.Contains("answered late", late.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-7", "answers-in-time")).State);
    }

    [Fact]
    public async Task RIGHT_8_An_answer_that_does_not_name_the_CNIL_breaks_it()
    {
        var staff = await server.Given.SignedInAsync(Role.StaffDpo);
        var request = await ReceiveAsync(Right.Access);
        await new RequestDesk(server).Requests.AcknowledgePrivacyRequestAsync(
            new AcknowledgePrivacyRequestRequest { PrivacyRequestId = request.ToString("D") },
            staff,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var holds = await _desk.CheckAsync("RIGHT-8", "written-answers");
        var letter = await server.Given.AskAsync<Guid>("select letter_id from letters where cause_id = $1", request);
        var text = await server.Given.AskAsync<byte[]>("select text_body from letters where letter_id = $1", letter);
        var key = server.Services.GetRequiredService<KeyRing>().For(TenantScope.Platform);

        await WriteAsync(letter, key.EncryptText("Votre demande a été traitée.", "text_body", letter));
        var broken = await _desk.CheckAsync("RIGHT-8", "written-answers");
        await WriteAsync(letter, text);

        Assert.Equal(ClauseState.Holds, holds.State);
        Assert.NotEqual(0, holds.Figures["letters"]);
        Assert.Equal(ClauseState.Broken, broken.State);
        Assert.Contains($"{letter:D}", broken.Evidence, StringComparison.Ordinal);
        Assert.Contains("does not name the CNIL", broken.Evidence, StringComparison.Ordinal);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-8", "written-answers")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-8", "answers")).State);
    }

    private async Task<Guid> ReceiveAsync(Right right)
    {
        var staff = await server.Given.SignedInAsync(Role.StaffDpo);
        var request = await new RequestDesk(server).ReceiveAsync(RequestDesk.Address(), staff, right);
        return Guid.Parse(request.PrivacyRequestId);
    }

    private Task<int> EndAsync(Guid request, string state) =>
        server.Given.RunAsync(
            """
            update privacy_requests set state = $2, close_time = create_time, next_alarm_time = null
            where privacy_request_id = $1
            """,
            request,
            state
        );

    private Task<int> LateAsync(Guid request, int daysAgo) =>
        server.Given.RunAsync(
            """
            update privacy_requests set answered_late = true, close_time = create_time - make_interval(days => $2)
            where privacy_request_id = $1
            """,
            request,
            daysAgo
        );

    private Task<int> WriteAsync(Guid letter, byte[] text) =>
        server.Given.RunAsync("update letters set text_body = $2 where letter_id = $1", letter, text);
}
