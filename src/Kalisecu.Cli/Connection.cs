using System.Net.Security;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Kalisecu.Certificates;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli;

/// <summary>Where the server is and with which identity we call it.</summary>
internal sealed record ConnectionTarget(Uri Server, string CertificateFile, string KeyFile, string AuthorityFile)
{
    public string? SessionFile { get; init; }

    public string? Tenant { get; init; }
}

/// <summary>A channel to the server with our certificate; each call carries the session and the chosen tenant.</summary>
internal sealed class Connection : IDisposable
{
    // Ours: a server on the way down or a wrong address is told soon.
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    // Ours: far above what any single answer takes. Streams and calls that name a deadline of their own keep theirs.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;

    private Connection(GrpcChannel channel, CallInvoker invoker)
    {
        _channel = channel;
        Invoker = invoker;
    }

    /// <summary>What generated clients are made with.</summary>
    public CallInvoker Invoker { get; }

    public static Connection Open(ConnectionTarget target)
    {
        var session = target.SessionFile is { } file && File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        var channel = GrpcChannel.ForAddress(
            target.Server,
            new GrpcChannelOptions { HttpHandler = Handler(target), DisposeHttpClient = true }
        );
        var invoker = channel
            .Intercept(new UnaryDeadline(AnswerWithin))
            .Intercept(headers =>
            {
                if (session is not null)
                {
                    headers.Add("kalisecu-session", session);
                }

                if (target.Tenant is not null)
                {
                    headers.Add("kalisecu-tenant", target.Tenant);
                }

                return headers;
            });
        return new Connection(channel, invoker);
    }

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler Handler(ConnectionTarget target)
    {
        try
        {
            // The handler keeps the certificate as long as the channel lives.
            var certificate = PemFiles.Read(target.CertificateFile, target.KeyFile);
            return new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = ConnectWithin,
                SslOptions = new SslClientAuthenticationOptions
                {
                    CertificateChainPolicy = ClientCertificates.ForServers(
                        PemFiles.ReadAuthorities(target.AuthorityFile)
                    ),
                    ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
                },
            };
        }
        catch (Exception exception)
            when (exception is CryptographicException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StepFailed(
                $"the certificate to call with cannot be read: {exception.Message}",
                "start this machine's platform first (kalisecu up), or give --cert, --key and --ca",
                exception
            );
        }
    }
}

/// <summary>Gives a deadline to calls that have none, so that nobody waits for ever.</summary>
internal sealed class UnaryDeadline(TimeSpan within) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation
    )
    {
        var options = context.Options;
        if (options.Deadline is null)
        {
            options = options.WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime + within);
        }

        return continuation(
            request,
            new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options)
        );
    }
}
