using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Kalisecu.Agents.V1;
using NodaTime;

namespace Kalisecu.Agent.Enrolment;

/// <summary>Mutual TLS to the server as the agent of a state folder; its certificate is renewed on the way when that is due.</summary>
internal sealed class AgentChannel : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly X509Certificate2 _certificate;

    private AgentChannel(AgentIdentity identity)
    {
        Identity = identity;
        _certificate = identity.Certificate();
        Channel = SecureChannel.Open(identity.Server, identity.Authorities(), _certificate);
    }

    public AgentIdentity Identity { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Opens the channel; a renewal that fails stops nobody while the certificate still lasts.</summary>
    public static async Task<AgentChannel> OpenAsync(StateFolder state, CancellationToken cancellationToken)
    {
        var identity = AgentIdentity.Load(state);
        var now = SystemClock.Instance.GetCurrentInstant();
        if (now >= identity.ExpiresAt)
        {
            throw AgentProblem.CertificateExpired(state.Path);
        }

        if (now < identity.RenewsAt)
        {
            return new AgentChannel(identity);
        }

        try
        {
            return new AgentChannel(await RenewAsync(state, cancellationToken));
        }
        catch (AgentProblem problem)
            when (problem.ExitCode is Commands.ExitCodes.Unavailable or Commands.ExitCodes.TryAgain)
        {
            return new AgentChannel(identity);
        }
    }

    /// <summary>Asks for a certificate for a new key and keeps both.</summary>
    /// <param name="movedTo">Where the server is from now on; kept only when it answers there.</param>
    public static async Task<AgentIdentity> RenewAsync(
        StateFolder state,
        CancellationToken cancellationToken,
        Uri? movedTo = null
    )
    {
        await using var alone = state.Lock();
        var known = AgentIdentity.Load(state);
        using var channel = new AgentChannel(known with { Server = movedTo ?? known.Server });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var renewed = await new CertificateService.CertificateServiceClient(channel.Channel).RenewCertificateAsync(
                new RenewCertificateRequest { CertificateSigningRequest = ByteString.CopyFrom(Enroller.Request(key)) },
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime + AnswerWithin,
                cancellationToken: cancellationToken
            );
            var identity = channel.Identity.With(renewed.Certificate, key);
            identity.Save(state);
            return identity;
        }
        catch (RpcException exception)
        {
            throw AgentProblem.Of(exception);
        }
    }

    public void Dispose()
    {
        Channel.Dispose();
        _certificate.Dispose();
    }
}
