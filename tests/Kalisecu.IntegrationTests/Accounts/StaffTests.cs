using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.Accounts.V1;

namespace Kalisecu.IntegrationTests.Accounts;

public sealed class StaffTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly StaffDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_creation_answers_the_same_account_and_invitation()
    {
        var request = new V1.CreateStaffRequest
        {
            RequestId = "018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e5f",
            Email = "twice@kalisecu.test",
            DisplayName = "Twice",
            Role = V1.StaffRole.Analyst,
        };

        var first = await _desk.Operator.CreateStaffAsync(request, cancellationToken: Cancel);
        var second = await _desk.Operator.CreateStaffAsync(request, cancellationToken: Cancel);

        Assert.Equal(first, second);
        request.RequestId = "";
        request.Email = "TWICE@kalisecu.test";
        Assert.Equal(
            "EMAIL_IN_USE",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Operator.CreateStaffAsync(request, cancellationToken: Cancel)
            )
        );
    }

    [Fact]
    public async Task Accounts_are_listed_in_pages_and_by_state()
    {
        await _desk.HireAsync();
        await _desk.InviteAsync();
        var seen = new List<V1.StaffAccount>();
        var request = new V1.ListStaffRequest { PageSize = 1, States = { V1.AccountState.Active } };
        do
        {
            var page = await _desk.Operator.ListStaffAsync(request, cancellationToken: Cancel);
            seen.AddRange(page.Accounts);
            request.PageToken = page.NextPageToken;
        } while (request.PageToken.Length > 0);

        Assert.NotEmpty(seen);
        Assert.All(seen, a => Assert.Equal(V1.AccountState.Active, a.State));
        Assert.Equal(seen.Count, seen.Select(a => a.AccountId).Distinct().Count());
    }

    [Fact]
    public async Task A_suspended_colleague_is_out_at_once_and_comes_back_when_reinstated()
    {
        var claire = await _desk.HireAsync();
        var headers = await _desk.SignedInAsync(claire);
        var request = new V1.SuspendStaffRequest { AccountId = claire.AccountId, Reason = "left the team" };

        var suspended = await _desk.Operator.SuspendStaffAsync(request, cancellationToken: Cancel);

        Assert.Equal(V1.AccountState.Suspended, suspended.Account.State);
        Assert.Equal(
            "ACCOUNT_STATE",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Operator.SuspendStaffAsync(request, cancellationToken: Cancel)
            )
        );
        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire)));
        Assert.Equal(
            "SESSION_NOT_VALID",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Sessions.GetSessionAsync(new V1.GetSessionRequest(), headers, cancellationToken: Cancel)
            )
        );

        await _desk.Operator.ReinstateStaffAsync(
            new V1.ReinstateStaffRequest { AccountId = claire.AccountId },
            cancellationToken: Cancel
        );
        Assert.NotEmpty((await _desk.SignInAsync(claire)).SessionToken);
        Assert.Equal(
            3L,
            await server.Given.AskAsync<long>(
                "select count(*) from evidence_entries where subject_id = $1",
                Guid.Parse(claire.AccountId)
            )
        );
    }

    [Fact]
    public async Task A_reset_takes_the_old_credentials_away_and_the_new_invitation_brings_new_ones()
    {
        var claire = await _desk.HireAsync();
        var reset = await _desk.Operator.ResetStaffCredentialsAsync(
            new V1.ResetStaffCredentialsRequest { AccountId = claire.AccountId },
            cancellationToken: Cancel
        );

        Assert.Equal(V1.AccountState.Invited, reset.Account.State);
        Assert.Equal("SIGN_IN_REFUSED", await StaffDesk.RefusedAsync(() => _desk.SignInAsync(claire)));
        var again = await _desk.JoinAsync(reset.Account, reset.Invitation.Token);
        Assert.NotEmpty((await _desk.SignInAsync(again)).SessionToken);
        Assert.Equal(
            "INVITATION_NOT_VALID",
            await StaffDesk.RefusedAsync(() => _desk.JoinAsync(reset.Account, reset.Invitation.Token))
        );
    }

    [Fact]
    public async Task An_administrator_cannot_take_over_whom_it_resets()
    {
        var administrator = await _desk.SignedInAsync(await _desk.HireAsync(V1.StaffRole.Administrator));
        var claire = await _desk.HireAsync();
        var request = new V1.ResetStaffCredentialsRequest { AccountId = claire.AccountId };

        var first = await _desk.Accounts.ResetStaffCredentialsAsync(request, administrator, cancellationToken: Cancel);
        server.Clock.Advance(Duration.FromSeconds(1));
        var second = await _desk.Accounts.ResetStaffCredentialsAsync(request, administrator, cancellationToken: Cancel);

        Assert.Equal(("", ""), (first.Invitation.Token, second.Invitation.Token));
        var letters = await PostedLetters.OfAsync(server, Guid.Parse(claire.AccountId));
        Assert.All(letters, l => Assert.Equal(claire.Email, l.Recipient));
        var again = await _desk.JoinAsync(second.Account, PostedLetters.TokenIn(letters[^1].Text));
        Assert.NotEmpty((await _desk.SignInAsync(again)).SessionToken);
    }

    [Fact]
    public async Task The_last_active_administrator_stays_one()
    {
        foreach (
            var other in (
                await _desk.Operator.ListStaffAsync(
                    new V1.ListStaffRequest { States = { V1.AccountState.Active } },
                    cancellationToken: Cancel
                )
            ).Accounts
        )
        {
            await _desk.Operator.SuspendStaffAsync(
                new V1.SuspendStaffRequest { AccountId = other.AccountId, Reason = "test" },
                cancellationToken: Cancel
            );
        }

        var claire = await _desk.HireAsync(V1.StaffRole.Administrator);
        var headers = await _desk.SignedInAsync(claire);
        var demote = new V1.UpdateStaffRequest
        {
            AccountId = claire.AccountId,
            Role = V1.StaffRole.Analyst,
            UpdateMask = new() { Paths = { "role" } },
        };
        var suspend = new V1.SuspendStaffRequest { AccountId = claire.AccountId, Reason = "tired" };

        Assert.Equal(
            "LAST_ADMINISTRATOR",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Accounts.UpdateStaffAsync(demote, headers, cancellationToken: Cancel)
            )
        );
        Assert.Equal(
            "LAST_ADMINISTRATOR",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Accounts.SuspendStaffAsync(suspend, headers, cancellationToken: Cancel)
            )
        );

        await _desk.HireAsync(V1.StaffRole.Administrator);
        var demoted = await _desk.Accounts.UpdateStaffAsync(demote, headers, cancellationToken: Cancel);
        Assert.Equal(V1.StaffRole.Analyst, demoted.Account.Role);
    }

    [Fact]
    public async Task A_change_of_what_somebody_else_changed_is_refused()
    {
        var created = await _desk.InviteAsync();
        var rename = new V1.UpdateStaffRequest
        {
            AccountId = created.Account.AccountId,
            DisplayName = "Claire Durand",
            UpdateMask = new() { Paths = { "display_name" } },
            Etag = created.Account.Etag,
        };

        var renamed = await _desk.Operator.UpdateStaffAsync(rename, cancellationToken: Cancel);

        Assert.Equal("Claire Durand", renamed.Account.DisplayName);
        Assert.Equal(
            "CHANGED_SINCE_READ",
            await StaffDesk.RefusedAsync(async () =>
                await _desk.Operator.UpdateStaffAsync(rename, cancellationToken: Cancel)
            )
        );
    }
}
