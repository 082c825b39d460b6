using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Reports;

internal static class ReportsModule
{
    public static Capability Capability { get; } = new([V1.ReportService.Descriptor], AddReports, MapReports);

    private static void AddReports(IServiceCollection services)
    {
        services.AddSingleton<ComposeReport>();
        services.AddSingleton<PublishReport>();
        services.AddSingleton<ReportFiles>();
        services.AddSingleton<ReportService>();
    }

    private static void MapReports(IEndpointRouteBuilder routes) => routes.MapGrpcService<ReportService>();
}
