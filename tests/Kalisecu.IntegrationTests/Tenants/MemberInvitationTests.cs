using Grpc.Core;
using Kalisecu.Accounts.V1;
using Kalisecu.Certificates;
using Kalisecu.IntegrationTests.Accounts;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Tenants;

public sealed class MemberInvitationTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Password = "correct-horse-battery";

    private readonly ClientDesk _desk = new(server);

    private readonly SessionService.SessionServiceClient _sessions = new(
        server.Channel(SpiffeKind.Frontend, "dashboard")
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invitation_goes_to_the_persons_own_address_in_the_clients_language()
    {
        var (tenant, analyst) = await _desk.ClientAsync();

        var invited = await InviteAsync(analyst);

        var letter = Assert.Single(await PostedLetters.OfAsync(server, Guid.Parse(invited.Member.MemberId), tenant));
        Assert.Equal(invited.Member.Email, letter.Recipient);
        Assert.Contains("Bonjour Jeanne,", letter.Text, StringComparison.Ordinal);
        Assert.Equal(invited.Invitation.Token, PostedLetters.TokenIn(letter.Text));
    }

    [Theory]
    [InlineData(nameof(Role.StaffAnalyst))]
    [InlineData(nameof(Role.MemberOwner))]
    public async Task Nobody_takes_over_a_member_by_inviting_it_again(string role)
    {
        var (tenant, analyst) = await _desk.ClientAsync();
        var invited = await InviteAsync(analyst);
        await AcceptAsync(invited.Invitation.Token);
        var asking = await server.Given.SignedInAsync(Enum.Parse<Role>(role), tenant);
        var again = new ReinviteMemberRequest { MemberId = invited.Member.MemberId };

        // Twice: after the first the member is invited, as one who never accepted is.
        server.Clock.Advance(Duration.FromSeconds(1));
        var first = await _desk.Members.ReinviteMemberAsync(again, asking, cancellationToken: Cancel);
        server.Clock.Advance(Duration.FromSeconds(1));
        var second = await _desk.Members.ReinviteMemberAsync(again, asking, cancellationToken: Cancel);

        Assert.Equal(("", ""), (first.Invitation.Token, second.Invitation.Token));
        var letters = await PostedLetters.OfAsync(server, Guid.Parse(invited.Member.MemberId), tenant);
        Assert.Equal(3, letters.Count);
        await AcceptAsync(PostedLetters.TokenIn(letters[^1].Text));
        var signedIn = await _sessions.SignInAsync(
            new SignInRequest { Email = invited.Member.Email, Password = Password },
            cancellationToken: Cancel
        );
        Assert.Equal(invited.Member.MemberId, signedIn.Session.PersonId);
    }

    private async Task<InviteMemberResponse> InviteAsync(Metadata asking) =>
        await _desk.Members.InviteMemberAsync(
            new InviteMemberRequest
            {
                Email = $"jeanne.{ClientDesk.Next()}@client.example",
                FirstName = "Jeanne",
                LastName = "Martin",
                Role = MemberRole.Reader,
            },
            asking,
            cancellationToken: Cancel
        );

    private async Task AcceptAsync(string token) =>
        await _sessions.AcceptInvitationAsync(
            new AcceptInvitationRequest { InvitationToken = token, Password = Password },
            cancellationToken: Cancel
        );
}
