using Kalisecu.Compliance.V1;
using Kalisecu.IntegrationTests.PrivacyRequests;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Compliance;

/// <summary>The promises about the rights of persons are broken on purpose: their checks see it.</summary>
public sealed class BrokenRightTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ComplianceDesk _desk = new(server);

    [Fact]
    public async Task RIGHT_1_and_RIGHT_7_A_request_past_its_day_breaks_them_and_leaves_the_other_rights()
    {
        var staff = await server.Given.SignedInAsync(Role.StaffDpo);
        var request = await new RequestDesk(server).ReceiveAsync("somebody@client.example", staff, Right.Access);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-1", "requests")).State);
        Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync("RIGHT-7", "answers-in-time")).State);

        await server.Given.RunAsync(
            """
            update privacy_requests set received_date = current_date - 90, due_date = current_date - 59
            where privacy_request_id = $1
            """,
            Guid.Parse(request.PrivacyRequestId)
        );
        var access = await _desk.CheckAsync("RIGHT-1", "requests");
        var inTime = await _desk.CheckAsync("RIGHT-7", "answers-in-time");
        var erasure = await _desk.CheckAsync("RIGHT-3", "requests");

        Assert.Equal(ClauseState.Broken, access.State);
        Assert.Equal(1, access.Figures["overdue"]);
        Assert.Equal(ClauseState.Broken, inTime.State);
        Assert.Equal(ClauseState.Holds, erasure.State);
    }

    [Fact]
    public async Task Every_right_can_be_exercised()
    {
        string[] clauses = ["RIGHT-2", "RIGHT-3", "RIGHT-4", "RIGHT-5", "RIGHT-6"];
        foreach (var clause in clauses)
        {
            Assert.Equal(ClauseState.Holds, (await _desk.CheckAsync(clause, "requests")).State);
        }
    }
}
