using Grpc.Core;
using Kalisecu.Accounts.V1;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Hosting;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Tenants;

public sealed class TenantTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Password = "correct-horse-battery";

    private readonly ClientDesk _desk = new(server);
    private readonly SessionService.SessionServiceClient _sessions = new(server.Channel(SpiffeKind.Frontend, "desk"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invited_member_signs_in_sees_the_tenant_and_loses_the_session_when_removed()
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var owner = await InviteAsync(analyst, MemberRole.Owner);
        var reader = await InviteAsync(analyst, MemberRole.Reader);
        var headers = await SignInAsync(reader);

        var seen = await _desk.Tenants.GetTenantAsync(new GetTenantRequest(), headers, cancellationToken: Cancel);
        var removal = new RemoveMemberRequest { MemberId = reader.MemberId };
        await _desk.Members.RemoveMemberAsync(removal, analyst, cancellationToken: Cancel);

        Assert.Equal(tenant.ToString("D"), seen.Tenant.TenantId);
        await Refused.WithAsync(
            ErrorReason.SessionNotValid,
            async () => await _desk.Tenants.GetTenantAsync(new GetTenantRequest(), headers, cancellationToken: Cancel)
        );
        await Refused.WithAsync(
            ErrorReason.LastOwner,
            async () =>
                await _desk.Members.RemoveMemberAsync(
                    new RemoveMemberRequest { MemberId = owner.MemberId },
                    analyst,
                    cancellationToken: Cancel
                )
        );
    }

    [Fact]
    public async Task A_repeat_gives_the_first_answer_and_other_content_is_refused()
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var request = new CreateSiteRequest
        {
            RequestId = Guid.CreateVersion7().ToString("D"),
            DisplayName = "The shop",
            Url = "https://repeat.example.fr/",
        };

        var first = await _desk.Sites.CreateSiteAsync(request, analyst, cancellationToken: Cancel);
        var again = await _desk.Sites.CreateSiteAsync(request, analyst, cancellationToken: Cancel);
        request.DisplayName = "Another shop";

        Assert.Equal(first, again);
        Assert.Equal(1L, await server.Given.AskAsync<long>("select count(*) from sites where tenant_id = $1", tenant));
        await Refused.WithAsync(
            ErrorReason.RequestIdReused,
            async () => await _desk.Sites.CreateSiteAsync(request, analyst, cancellationToken: Cancel)
        );
    }

    [Fact]
    public async Task A_change_of_what_was_changed_meanwhile_is_aborted()
    {
        var (_, analyst) = await _desk.ClientAsync();
        var site = await _desk.SiteAsync(analyst);
        var change = new UpdateSiteRequest
        {
            SiteId = site.SiteId,
            DisplayName = "The new shop",
            UpdateMask = new() { Paths = { "display_name" } },
            Etag = site.Etag,
        };
        await _desk.Sites.UpdateSiteAsync(change, analyst, cancellationToken: Cancel);

        var refusal = await Refused.WithAsync(
            ErrorReason.ChangedSinceRead,
            async () => await _desk.Sites.UpdateSiteAsync(change, analyst, cancellationToken: Cancel)
        );

        Assert.Equal(StatusCode.Aborted, refusal.StatusCode);
    }

    [Fact]
    public async Task Another_tenants_site_is_as_absent_as_one_that_never_was()
    {
        var (_, analyst) = await _desk.ClientAsync();
        var (_, other) = await _desk.ClientAsync();
        var site = await _desk.SiteAsync(analyst);

        var foreign = await AbsentAsync(site.SiteId, other);
        var never = await AbsentAsync(Guid.CreateVersion7().ToString("D"), other);

        Assert.Equal(never.Status.Detail, foreign.Status.Detail);
    }

    [Fact]
    public async Task A_credential_is_given_out_by_lease_or_by_reason_and_told_in_the_evidence()
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var site = await _desk.SiteAsync(analyst);
        var siteId = Guid.Parse(site.SiteId);
        await server.Given.AuthorisationAsync(tenant, siteId, site.Url.TrimEnd('/'));
        var set = await _desk.Sites.SetSiteCredentialAsync(
            new SetSiteCredentialRequest
            {
                SiteId = site.SiteId,
                Name = "shopper",
                UserName = "test-shopper",
                Secret = "open-sesame-1",
            },
            analyst,
            cancellationToken: Cancel
        );
        var (holder, other) = (await server.Given.AgentAsync(tenant), await server.Given.AgentAsync(tenant));
        var (scan, _) = await server.Given.LeaseAsync(tenant, siteId, holder);
        var ask = new RevealSiteCredentialRequest
        {
            SiteId = site.SiteId,
            CredentialId = set.Credential.CredentialId,
            ScanId = scan.ToString("D"),
        };
        var reasoned = ask.Clone();
        reasoned.Reason = "The sign-in of the scan fails.";

        Assert.Equal("open-sesame-1", (await RevealAsync(ask, holder)).Secret);
        Assert.Equal(
            "open-sesame-1",
            (await _desk.Sites.RevealSiteCredentialAsync(reasoned, analyst, cancellationToken: Cancel)).Secret
        );
        await Refused.WithAsync(ErrorReason.LeaseHeldByOther, () => RevealAsync(ask, other));
        await server.Given.RunAsync("update scans set lease_expire_time = create_time where scan_id = $1", scan);
        await Refused.WithAsync(ErrorReason.LeaseExpired, () => RevealAsync(ask, holder));
        ask.ScanId = Guid.CreateVersion7().ToString("D");
        await Refused.WithAsync(ErrorReason.NoLease, () => RevealAsync(ask, holder));
        Assert.Equal(
            2L,
            await server.Given.AskAsync<long>(
                "select count(*) from evidence_entries where tenant_id = $1 and kind = 'credential.revealed'",
                tenant
            )
        );
    }

    [Fact]
    public async Task Closing_a_tenant_ends_its_scans_agents_and_sessions_and_refuses_changes()
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var site = await _desk.SiteAsync(analyst);
        var headers = await SignInAsync(await InviteAsync(analyst, MemberRole.Owner));
        var agent = await server.Given.AgentAsync(tenant);
        await server.Given.LeaseAsync(tenant, Guid.Parse(site.SiteId), agent);

        await _desk.Tenants.CloseTenantAsync(
            new CloseTenantRequest { Reason = "The contract ended." },
            analyst,
            cancellationToken: Cancel
        );

        Assert.Equal(
            "Cancelled",
            await server.Given.AskAsync<string>("select state from scans where tenant_id = $1", tenant)
        );
        Assert.True(
            await server.Given.AskAsync<bool>("select revoke_time is not null from agents where agent_id = $1", agent)
        );
        await Refused.WithAsync(
            ErrorReason.SessionNotValid,
            async () => await _desk.Tenants.GetTenantAsync(new GetTenantRequest(), headers, cancellationToken: Cancel)
        );
        await Refused.WithAsync(ErrorReason.TenantClosed, () => _desk.SiteAsync(analyst));
    }

    private Task<RpcException> AbsentAsync(string siteId, Metadata headers) =>
        Refused.WithAsync(
            ErrorReason.NotFound,
            async () =>
                await _desk.Sites.GetSiteAsync(
                    new GetSiteRequest { SiteId = siteId },
                    headers,
                    cancellationToken: Cancel
                )
        );

    private async Task<RevealSiteCredentialResponse> RevealAsync(RevealSiteCredentialRequest request, Guid agent) =>
        await new SiteService.SiteServiceClient(
            server.Channel(SpiffeKind.Agent, agent.ToString("D"))
        ).RevealSiteCredentialAsync(request, cancellationToken: Cancel);

    private async Task<Member> InviteAsync(Metadata analyst, MemberRole role)
    {
        var invited = await _desk.Members.InviteMemberAsync(
            new InviteMemberRequest
            {
                Email = $"lea.{ClientDesk.Next()}@client.example",
                FirstName = "Léa",
                LastName = "Bernard",
                Role = role,
            },
            analyst,
            cancellationToken: Cancel
        );
        await _sessions.AcceptInvitationAsync(
            new AcceptInvitationRequest { InvitationToken = invited.Invitation.Token, Password = Password },
            cancellationToken: Cancel
        );
        return invited.Member;
    }

    private async Task<Metadata> SignInAsync(Member member)
    {
        var signedIn = await _sessions.SignInAsync(
            new SignInRequest { Email = member.Email, Password = Password },
            cancellationToken: Cancel
        );
        return new Metadata { { CallerIdentification.SessionHeader, signedIn.SessionToken } };
    }
}
