using Kalisecu.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.AccessLog;

internal static class AccessLogModule
{
    public static Capability Capability { get; } = new([], AddAccessLog, MapAccessLog);

    private static void AddAccessLog(IServiceCollection services) { }

    private static void MapAccessLog(IEndpointRouteBuilder routes) { }
}
