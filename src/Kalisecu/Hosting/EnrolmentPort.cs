using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kalisecu.Hosting;

/// <summary>Marks connections of the port that agents without a certificate reach; only enrolment answers there.</summary>
internal static class EnrolmentPort
{
    public static readonly object Mark = typeof(EnrolmentPort);

    // A token and a certificate request: about a kilobyte.
    public const int MaximumMessageBytes = 16 * 1024;

    // Whoever has shown nothing yet must not hold a call open: long enough for the slowest line.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    public static void MarkAsEnrolment(this ListenOptions listen) =>
        listen.Use(next =>
            connection =>
            {
                connection.Items[Mark] = true;
                return next(connection);
            }
        );

    /// <summary>Ends calls of the enrolment port that do not come to an end by themselves.</summary>
    public static void UseEnrolmentDeadline(this IApplicationBuilder app) =>
        app.Use(
            async (http, next) =>
            {
                if (http.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) is not true)
                {
                    await next(http);
                    return;
                }

                await using var end = new Timer(
                    static call => ((HttpContext)call!).Abort(),
                    http,
                    AnswerWithin,
                    Timeout.InfiniteTimeSpan
                );
                await next(http);
            }
        );
}
