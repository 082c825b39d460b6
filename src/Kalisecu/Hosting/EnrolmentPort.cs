using Grpc.AspNetCore.Server;
using Kalisecu.Access;
using Kalisecu.Tenancy;
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

    /// <summary>
    /// Only what a rule opens to machines that enrol exists on their port, and calls that do not come to an end by themselves
    /// are ended.
    /// </summary>
    public static void UseEnrolmentPort(this IApplicationBuilder app, AccessRules rules) =>
        app.Use(
            async (http, next) =>
            {
                if (http.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) is not true)
                {
                    await next(http);
                    return;
                }

                if (!IsOpen(http, rules))
                {
                    // What gRPC's mapping of HTTP makes UNIMPLEMENTED.
                    http.Response.StatusCode = StatusCodes.Status404NotFound;
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

    private static bool IsOpen(HttpContext http, AccessRules rules) =>
        http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { Method.FullName: var method }
        && rules.For(method).Callers.Contains(CallerKind.Enrolling);
}
