using Microsoft.Extensions.Logging;

namespace Kalisecu.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(2001, LogLevel.Warning, "Not hearing revocations just now: {Problem}")]
    public static partial void ListenerLost(ILogger log, string problem);

    [LoggerMessage(
        2002,
        LogLevel.Information,
        "Serving {Methods} methods on {Port} (mutual TLS) and {EnrolmentPort} (enrolment)"
    )]
    public static partial void Serving(ILogger log, int methods, int port, int enrolmentPort);

    [LoggerMessage(2003, LogLevel.Debug, "Refused a client certificate: {Problem}")]
    public static partial void CertificateRefused(ILogger log, string problem);
}
