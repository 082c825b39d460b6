using Grpc.Core;
using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.Accounts.V1;

namespace Kalisecu.IntegrationTests.Accounts;

public sealed class SessionTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly StaffDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_was_signed_out_opens_nothing_more()
    {
        var headers = await _desk.SignedInAsync(await _desk.HireAsync());
        await AskAsync(headers);

        await _desk.Sessions.SignOutAsync(new V1.SignOutRequest(), headers, cancellationToken: Cancel);

        await EndsAsync(headers);
    }

    [Fact]
    public async Task Own_sessions_are_listed_newest_first_and_ended_at_once()
    {
        var claire = await _desk.HireAsync();
        var first = await _desk.SignInAsync(claire);
        var second = await _desk.SignInAsync(claire);
        await AskAsync(StaffDesk.Headers(first));

        var page = await _desk.Sessions.ListSessionsAsync(
            new V1.ListSessionsRequest { PageSize = 1 },
            StaffDesk.Headers(second),
            cancellationToken: Cancel
        );
        var rest = await _desk.Sessions.ListSessionsAsync(
            new V1.ListSessionsRequest { PageSize = 1, PageToken = page.NextPageToken },
            StaffDesk.Headers(second),
            cancellationToken: Cancel
        );
        await RevokeAsync(first.Session.SessionId, StaffDesk.Headers(second));

        Assert.Equal(second.Session.SessionId, Assert.Single(page.Sessions).SessionId);
        Assert.Equal(first.Session.SessionId, Assert.Single(rest.Sessions).SessionId);
        Assert.Empty(rest.NextPageToken);
        await EndsAsync(StaffDesk.Headers(first));
        await AskAsync(StaffDesk.Headers(second));
    }

    [Fact]
    public async Task Only_an_administrator_sees_and_ends_another_persons_session()
    {
        var claire = await _desk.HireAsync();
        var hers = await _desk.SignInAsync(claire);
        var analyst = await _desk.SignedInAsync(await _desk.HireAsync());
        var administrator = await _desk.SignedInAsync(await _desk.HireAsync(V1.StaffRole.Administrator));
        var request = new V1.ListSessionsRequest { PersonId = claire.AccountId };

        Assert.Equal(
            "ROLE_NOT_ALLOWED",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Sessions.ListSessionsAsync(request, analyst, cancellationToken: Cancel)
            )
        );
        Assert.Equal("NOT_FOUND", await StaffDesk.RefusedAsync(() => RevokeAsync(hers.Session.SessionId, analyst)));

        var seen = await _desk.Sessions.ListSessionsAsync(request, administrator, cancellationToken: Cancel);
        Assert.Single(seen.Sessions);
        await RevokeAsync(hers.Session.SessionId, administrator);
        await EndsAsync(StaffDesk.Headers(hers));
    }

    [Fact]
    public async Task A_session_of_staff_ends_after_a_working_day()
    {
        var headers = await _desk.SignedInAsync(await _desk.HireAsync());
        await AskAsync(headers);

        server.Clock.Advance(Duration.FromHours(8));

        Assert.Equal("SESSION_NOT_VALID", await StaffDesk.RefusedAsync(() => AskAsync(headers)));
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_and_counts_from_then_on()
    {
        const string wanted = "a-rather-different-sentence";
        var claire = await _desk.HireAsync();
        var other = await _desk.SignedInAsync(claire);
        var own = await _desk.SignedInAsync(claire);

        Assert.Equal("PASSWORD_WRONG", await StaffDesk.RefusedAsync(() => ChangeAsync("not-my-password", wanted, own)));
        Assert.Equal(
            "PASSWORD_TOO_WEAK",
            await StaffDesk.RefusedAsync(() => ChangeAsync(StaffDesk.Password, "motdepasse123", own))
        );
        await ChangeAsync(StaffDesk.Password, wanted, own);

        await EndsAsync(other);
        await AskAsync(own);
        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire)));
        Assert.NotEmpty((await _desk.SignInAsync(claire, wanted)).SessionToken);
    }

    [Fact]
    public async Task A_new_second_factor_replaces_the_old_one_once_confirmed()
    {
        var claire = await _desk.HireAsync();
        var own = await _desk.SignedInAsync(claire);
        var begun = await _desk.Sessions.BeginSecondFactorAsync(
            new V1.BeginSecondFactorRequest { Password = StaffDesk.Password },
            own,
            cancellationToken: Cancel
        );

        Assert.Equal("TOTP_CODE_WRONG", await StaffDesk.RefusedAsync(() => ConfirmAsync("000000", own)));
        await ConfirmAsync(_desk.FreshCode(begun.SecondFactor.Secret), own);

        Assert.Equal("SECOND_FACTOR_NOT_BEGUN", await StaffDesk.RefusedAsync(() => ConfirmAsync("000000", own)));
        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire)));
        var renewed = claire with { Secret = begun.SecondFactor.Secret };
        Assert.NotEmpty((await _desk.SignInAsync(renewed)).SessionToken);
    }

    [Fact]
    public async Task A_locked_account_is_refused_before_its_password_is_tried()
    {
        var claire = await _desk.HireAsync();
        var own = await _desk.SignedInAsync(claire);

        // A hash that could not even be read: trying it would be a fault.
        await server.Given.RunAsync(
            "update credentials set locked_until = $2, password_hash = 'of no form' where person_id = $1",
            Guid.Parse(claire.AccountId),
            server.Clock.GetCurrentInstant() + Duration.FromMinutes(10)
        );

        Assert.Equal(
            "ACCOUNT_LOCKED",
            await StaffDesk.RefusedAsync(() => ChangeAsync(StaffDesk.Password, "a-rather-different-sentence", own))
        );
        Assert.Equal(
            "ACCOUNT_LOCKED",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Sessions.BeginSecondFactorAsync(
                    new V1.BeginSecondFactorRequest { Password = StaffDesk.Password },
                    own,
                    cancellationToken: Cancel
                )
            )
        );
    }

    [Fact]
    public async Task One_person_changes_its_sign_in_only_so_often()
    {
        var own = await _desk.SignedInAsync(await _desk.HireAsync());
        var reasons = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            reasons.Add(await StaffDesk.RefusedAsync(() => ConfirmAsync("000000", own)));
        }

        Assert.Equal("SECOND_FACTOR_NOT_BEGUN", reasons[0]);
        Assert.Contains("LIMIT_EXCEEDED", reasons);
    }

    private async Task ConfirmAsync(string code, Metadata headers) =>
        await _desk.Sessions.ConfirmSecondFactorAsync(
            new V1.ConfirmSecondFactorRequest { TotpCode = code },
            headers,
            cancellationToken: Cancel
        );

    private async Task ChangeAsync(string current, string wanted, Metadata headers) =>
        await _desk.Sessions.ChangePasswordAsync(
            new V1.ChangePasswordRequest { CurrentPassword = current, NewPassword = wanted },
            headers,
            cancellationToken: Cancel
        );

    private async Task RevokeAsync(string sessionId, Metadata headers) =>
        await _desk.Sessions.RevokeSessionAsync(
            new V1.RevokeSessionRequest { SessionId = sessionId },
            headers,
            cancellationToken: Cancel
        );

    private async Task AskAsync(Metadata headers) =>
        await _desk
            .Sessions.GetSessionAsync(new V1.GetSessionRequest(), headers, cancellationToken: Cancel)
            .ResponseAsync;

    // The notification travels through the database; far sooner than the cache would forget by itself.
    private async Task EndsAsync(Metadata headers)
    {
        var started = SystemClock.Instance.GetCurrentInstant();
        while (true)
        {
            try
            {
                await AskAsync(headers);
            }
            catch (RpcException refused) when (refused.StatusCode == StatusCode.Unauthenticated)
            {
                return;
            }

            Assert.True(SystemClock.Instance.GetCurrentInstant() - started < Duration.FromSeconds(3));
            await Task.Delay(20, Cancel);
        }
    }
}
