using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Agents.V1;

namespace Kalisecu.Agent.Enrolment;

/// <summary>What an operator tells a machine that is to become an agent.</summary>
internal sealed record EnrolmentOrder(Uri EnrolmentServer, Uri Server, string AuthorityFile, string Token);

/// <summary>Makes this machine an agent.</summary>
internal static class Enroller
{
    // Kept until the answer is stored: the same token serves the same key again, so a lost answer costs nothing.
    private const string PendingKey = "enrolment.key";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    public static async Task<AgentIdentity> EnrolAsync(
        StateFolder state,
        EnrolmentOrder order,
        CancellationToken cancellationToken
    )
    {
        var authorities = ReadAuthorities(order.AuthorityFile);
        await using var alone = state.Lock();
        using var key = KeyFor(state);
        using var channel = SecureChannel.Open(order.EnrolmentServer, authorities, certificate: null);
        try
        {
            var enrolled = await new EnrolmentService.EnrolmentServiceClient(channel).EnrolAgentAsync(
                new EnrolAgentRequest
                {
                    Token = order.Token,
                    CertificateSigningRequest = ByteString.CopyFrom(Request(key)),
                },
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime + AnswerWithin,
                cancellationToken: cancellationToken
            );
            var identity = AgentIdentity.Make(enrolled, order.Server, key);
            identity.Save(state);
            state.Delete(PendingKey);
            return identity;
        }
        catch (RpcException exception)
        {
            throw AgentProblem.Of(exception);
        }
    }

    /// <summary>A certificate request for this key; the server takes nothing but the key from it.</summary>
    public static byte[] Request(ECDsa key) =>
        new CertificateRequest("CN=kalisecu-agent", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    private static ECDsa KeyFor(StateFolder state)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (state.Read(PendingKey) is { } pending)
        {
            key.ImportFromPem(pending);
        }
        else
        {
            state.Write(PendingKey, key.ExportPkcs8PrivateKeyPem());
        }

        return key;
    }

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw AgentProblem.AuthorityUnreadable(file, "it is empty");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw AgentProblem.AuthorityUnreadable(file, exception.Message);
        }
    }
}
