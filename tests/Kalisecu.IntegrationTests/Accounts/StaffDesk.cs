using Google.Rpc;
using Grpc.Core;
using Kalisecu.Accounts;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.TestKit;
using NodaTime;
using OtpNet;
using V1 = Kalisecu.Accounts.V1;

namespace Kalisecu.IntegrationTests.Accounts;

/// <summary>People of Kalisecu at their desk, with an authenticator app, on a real server.</summary>
internal sealed class StaffDesk(TestServer server)
{
    public const string Password = "correct-horse-battery";

    private static int people;

    public V1.SessionService.SessionServiceClient Sessions { get; } = new(server.Channel(SpiffeKind.Frontend, "desk"));

    public V1.AccountService.AccountServiceClient Operator { get; } =
        new(server.Channel(SpiffeKind.Operator, "jeanne"));

    public V1.AccountService.AccountServiceClient Accounts { get; } = new(server.Channel(SpiffeKind.Frontend, "desk"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<V1.CreateStaffResponse> InviteAsync(V1.StaffRole role = V1.StaffRole.Analyst) =>
        await Operator.CreateStaffAsync(
            new V1.CreateStaffRequest
            {
                Email = $"claire.{Interlocked.Increment(ref people)}@kalisecu.test",
                DisplayName = "Claire Martin",
                Role = role,
            },
            cancellationToken: Cancel
        );

    /// <summary>Someone who accepted and completed an invitation.</summary>
    public async Task<Colleague> HireAsync(V1.StaffRole role = V1.StaffRole.Analyst)
    {
        var created = await InviteAsync(role);
        return await JoinAsync(created.Account, created.Invitation.Token);
    }

    public async Task<Colleague> JoinAsync(V1.StaffAccount account, string token)
    {
        var accepted = await Sessions.AcceptInvitationAsync(
            new V1.AcceptInvitationRequest { InvitationToken = token, Password = Password },
            cancellationToken: Cancel
        );
        var colleague = new Colleague(account.AccountId, account.Email, accepted.SecondFactor.Secret);
        await Sessions.CompleteInvitationAsync(
            new V1.CompleteInvitationRequest { InvitationToken = token, TotpCode = Code(colleague.Secret) },
            cancellationToken: Cancel
        );
        return colleague;
    }

    public async Task<V1.SignInResponse> SignInAsync(Colleague who, string password = Password, string? code = null) =>
        await Sessions.SignInAsync(
            new V1.SignInRequest
            {
                Email = who.Email,
                Password = password,
                TotpCode = code ?? FreshCode(who.Secret),
            },
            cancellationToken: Cancel
        );

    /// <summary>The headers of someone who signed in.</summary>
    public async Task<Metadata> SignedInAsync(Colleague who) => Headers(await SignInAsync(who));

    public static Metadata Headers(V1.SignInResponse signedIn) =>
        new() { { CallerIdentification.SessionHeader, signedIn.SessionToken } };

    public string Code(string secret) =>
        new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(server.Clock.GetCurrentInstant().ToDateTimeUtc());

    /// <summary>A code of a time step that nobody used: the clock moves on to it.</summary>
    public string FreshCode(string secret)
    {
        server.Clock.Advance(Duration.FromSeconds(30));
        return Code(secret);
    }

    /// <summary>The reason of a refusal, as the wire names it.</summary>
    public static async Task<string> RefusedAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(call);
        return failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? failure.ToString();
    }
}

/// <summary>What a colleague knows.</summary>
internal sealed record Colleague(string AccountId, string Email, string Secret);
