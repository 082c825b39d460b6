using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kalisecu.Hosting;

/// <summary>Marks connections of the port that agents without a certificate reach; only enrolment answers there.</summary>
internal static class EnrolmentPort
{
    public static readonly object Mark = typeof(EnrolmentPort);

    public static void MarkAsEnrolment(this ListenOptions listen) =>
        listen.Use(next =>
            connection =>
            {
                connection.Items[Mark] = true;
                return next(connection);
            }
        );
}
