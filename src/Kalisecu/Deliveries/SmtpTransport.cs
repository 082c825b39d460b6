using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kalisecu.Certificates;
using Kalisecu.Compliance;
using Kalisecu.Errors;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Kalisecu.Deliveries;

/// <summary>
/// A mail relay over TLS whose certificate is checked, over connections that are kept. Clause SEC-1: without TLS, with an
/// older one than 1.2, or with a certificate that nobody vouches for, nothing is sent; nor to a host that the register of
/// processors does not know (clauses HOST-1 and SUB-3).
/// </summary>
internal sealed class SmtpTransport(
    DeliveryOptions.SmtpOptions options,
    ResidencyGuard residency,
    ILogger<SmtpTransport> log
) : ILetterTransport, IDisposable
{
    // Below the time that a stopping process has; a relay that is silent for longer is down.
    private const int TimeoutMilliseconds = 20_000;

    private readonly ConcurrentBag<SmtpClient> _idle = [];
    private readonly X509Certificate2Collection? _roots =
        options.AuthorityFile.Length > 0 ? PemFiles.ReadAuthorities(options.AuthorityFile) : null;

    public int AtOnce => options.Connections;

    public async Task<SendResult> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        SmtpClient? client = null;
        try
        {
            client = await ConnectAsync(cancellationToken);
        }
        catch (Refusal refusal)
        {
            // The letters wait, and the late job alarms: what is wrong are the settings or the register.
            DeliveryLog.RelayDown(log, options.Host, RefusalStatus.ReasonName(refusal.Reason));
            return new SendResult(SendOutcome.RelayDown, RefusalStatus.ReasonName(refusal.Reason));
        }
        catch (Exception exception) when (IsOfRelay(exception))
        {
            DeliveryLog.RelayDown(log, options.Host, exception.GetType().Name);
            return new SendResult(SendOutcome.RelayDown, Reason(exception));
        }

        try
        {
            await client.SendAsync(message, cancellationToken);
            _idle.Add(client);
            client = null;
            return SendResult.Taken;
        }
        catch (SmtpCommandException exception)
        {
            var code = ((int)exception.StatusCode).ToString(CultureInfo.InvariantCulture);
            return new SendResult(
                (int)exception.StatusCode is >= 500 and < 600 ? SendOutcome.Never : SendOutcome.Later,
                "smtp_" + code
            );
        }
        catch (Exception exception) when (IsOfRelay(exception))
        {
            return new SendResult(SendOutcome.Later, Reason(exception));
        }
        finally
        {
            client?.Dispose();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var client))
        {
            client.Dispose();
        }
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var kept))
        {
            if (kept.IsConnected)
            {
                return kept;
            }

            kept.Dispose();
        }

        await residency.RequireListedAsync(options.Host, cancellationToken);
        var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        try
        {
#pragma warning disable CA5398 // Clause SEC-1 names the versions; what the system would choose is not ours to prove.
            client.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398
            if (_roots is not null)
            {
                // An authority of one's own publishes no list of revoked certificates.
                client.CheckCertificateRevocation = false;
                client.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
                    IsOfOwnAuthority(certificate, errors);
            }

            await client.ConnectAsync(options.Host, options.Port, Security(), cancellationToken);
            if (options.UserFile.Length > 0)
            {
                var user = (await File.ReadAllTextAsync(options.UserFile, cancellationToken)).Trim();
                var password = (await File.ReadAllTextAsync(options.PasswordFile, cancellationToken)).Trim();
                await client.AuthenticateAsync(user, password, cancellationToken);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private SecureSocketOptions Security() =>
        options.Security switch
        {
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Implicit => SecureSocketOptions.SslOnConnect,
            _ => throw new InvalidOperationException($"No security: {options.Security}"),
        };

    /// <summary>The name must fit, and the chain must end at our authority instead of the system's.</summary>
    private bool IsOfOwnAuthority(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy = ClientCertificates.ForServers(_roots!);
        using var own = new X509Certificate2(certificate);
        return chain.Build(own);
    }

    private static bool IsOfRelay(Exception exception) =>
        exception
            is SocketException
                or IOException
                or SslHandshakeException
                or System.Security.Authentication.AuthenticationException
                or MailKit.Security.AuthenticationException
                or SaslException
                or ProtocolException
                or CommandException
                or NotSupportedException
                or TimeoutException
                or ServiceNotConnectedException
                or ServiceNotAuthenticatedException;

    private static string Reason(Exception exception) =>
        exception switch
        {
            SslHandshakeException => "certificate_refused",
            MailKit.Security.AuthenticationException or SaslException => "sign_in_refused",
            NotSupportedException => "no_starttls",
            TimeoutException => "timeout",
            _ => "connection_lost",
        };
}
