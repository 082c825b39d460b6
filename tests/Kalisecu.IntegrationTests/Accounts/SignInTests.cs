using Grpc.Core;
using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.Accounts.V1;

namespace Kalisecu.IntegrationTests.Accounts;

public sealed class SignInTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly StaffDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_sign_in_with_password_and_code()
    {
        var claire = await _desk.HireAsync(V1.StaffRole.Dpo);

        var signedIn = await _desk.SignInAsync(claire);
        var session = await _desk.Sessions.GetSessionAsync(
            new V1.GetSessionRequest(),
            StaffDesk.Headers(signedIn),
            cancellationToken: Cancel
        );

        Assert.Equal(claire.AccountId, session.Session.PersonId);
        Assert.Equal(V1.PersonRole.StaffDpo, session.Session.Role);
        Assert.True(session.Session.MultiFactor);
        Assert.Equal(Duration.FromHours(8), Length(session.Session));
        Assert.Equal("desk", session.Session.CallerName);
    }

    [Fact]
    public async Task Staff_who_did_not_confirm_a_second_factor_get_nothing()
    {
        var invited = await _desk.InviteAsync();
        await _desk.Sessions.AcceptInvitationAsync(
            new V1.AcceptInvitationRequest
            {
                InvitationToken = invited.Invitation.Token,
                Password = StaffDesk.Password,
            },
            cancellationToken: Cancel
        );

        var halfWay = new Colleague(invited.Account.AccountId, invited.Account.Email, "AAAAAAAA");

        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(halfWay, code: "")));
    }

    [Fact]
    public async Task A_wrong_password_a_missing_code_and_an_unknown_address_are_refused_alike()
    {
        var claire = await _desk.HireAsync();
        var nobody = claire with { Email = "nobody@kalisecu.test" };

        Assert.Equal(
            "SIGN_IN_REFUSED",
            await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire, password: "wrong-horse-battery"))
        );
        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire, code: "")));
        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(nobody)));
    }

    [Fact]
    public async Task A_code_opens_one_session_however_many_try_it_at_once()
    {
        var claire = await _desk.HireAsync();
        var code = _desk.FreshCode(claire.Secret);

        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Opened(claire, code)));

        Assert.Equal(1, tries.Count(opened => opened));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_for_a_quarter_of_an_hour()
    {
        var claire = await _desk.HireAsync();
        for (var i = 0; i < 5; i++)
        {
            await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire, password: "wrong-horse-battery"));
        }

        Assert.Equal("ACCOUNT_LOCKED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire)));

        server.Clock.Advance(Duration.FromMinutes(15));
        Assert.NotEmpty((await _desk.SignInAsync(claire)).SessionToken);
    }

    [Fact]
    public async Task A_locked_address_is_refused_in_the_same_words_whether_or_not_anybody_has_it()
    {
        var claire = await _desk.HireAsync();
        var nobody = claire with { Email = "never.heard.of@kalisecu.test" };
        for (var i = 0; i < 5; i++)
        {
            await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire, password: "wrong-horse-battery"));
            await StaffDesk.RefusedAsync(() => _desk.SignInAsync(nobody, password: "wrong-horse-battery"));
        }

        var hers = await Assert.ThrowsAsync<RpcException>(() => _desk.SignInAsync(claire));
        var nobodys = await Assert.ThrowsAsync<RpcException>(() => _desk.SignInAsync(nobody));

        Assert.Equal("ACCOUNT_LOCKED", await StaffDesk.RefusedAsync(() => throw nobodys));
        Assert.Equal(hers.Status.Detail, nobodys.Status.Detail);
    }

    [Fact]
    public async Task An_account_that_was_locked_elsewhere_is_refused_like_an_address_that_nobody_has()
    {
        var claire = await _desk.HireAsync();
        await LockAsync(claire);

        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire)));
    }

    [Fact]
    public async Task Guesses_at_the_same_moment_are_all_counted()
    {
        var claire = await _desk.HireAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire, "wrong-horse-battery", code: "000000"))
                )
        );

        Assert.Equal("ACCOUNT_LOCKED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire)));
    }

    [Fact]
    public async Task Too_many_attempts_on_one_address_are_slowed_down_even_if_nobody_has_it()
    {
        var nobody = new Colleague("", "nobody.at.all@kalisecu.test", "AAAAAAAA");
        var reasons = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            reasons.Add(await StaffDesk.RefusedAsync(() => _desk.SignInAsync(nobody, code: "000000")));
        }

        Assert.Equal("SIGN_IN_REFUSED", reasons[0]);
        Assert.Contains("LIMIT_EXCEEDED", reasons);
    }

    [Fact]
    public async Task A_superuser_sees_neither_address_nor_name_nor_token()
    {
        var claire = await _desk.HireAsync();
        var signedIn = await _desk.SignInAsync(claire);

        var everything = await server.Given.AskAsync<string>(
            """
            select (select string_agg(a::text || encode(a.email, 'escape') || encode(a.display_name, 'escape'), ' ') from staff_accounts a)
                || (select string_agg(c::text, ' ') from credentials c)
                || (select string_agg(s::text, ' ') from sessions s)
                || (select string_agg(e::text, ' ') from evidence_entries e)
            """
        );

        Assert.DoesNotContain("kalisecu.test", everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Martin", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(signedIn.SessionToken, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(claire.Secret, everything, StringComparison.Ordinal);
    }

    private Task<int> LockAsync(Colleague who) =>
        server.Given.RunAsync(
            "update credentials set locked_until = $2 where person_id = $1",
            Guid.Parse(who.AccountId),
            server.Clock.GetCurrentInstant() + Duration.FromMinutes(10)
        );

    private async Task<bool> Opened(Colleague who, string code)
    {
        try
        {
            return (await _desk.SignInAsync(who, code: code)).SessionToken.Length > 0;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.Unauthenticated)
        {
            return false;
        }
    }

    private static Duration Length(V1.Session session) =>
        Duration.FromTimeSpan(session.ExpireTime.ToDateTime() - session.CreateTime.ToDateTime());
}
