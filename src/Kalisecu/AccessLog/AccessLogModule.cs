using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.AccessLog;

internal static class AccessLogModule
{
    public static Capability Capability { get; } = new([V1.AccessLogService.Descriptor], AddAccessLog, MapAccessLog);

    private static void AddAccessLog(IServiceCollection services)
    {
        services.AddSingleton<AccessLogWriter>();
        services.AddSingleton<AccessLogInterceptor>();
        services.AddSingleton<AccessLogVerification>();
        services.AddClauseCheck<LogRetentionCheck>();
        services.AddClauseCheck<NewestEntriesCheck>();
        services.AddSingleton<AccessLogService>();
    }

    private static void MapAccessLog(IEndpointRouteBuilder routes) => routes.MapGrpcService<AccessLogService>();
}
