using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kalisecu.Reports;

internal static class ReportsModule
{
    public static Capability Capability { get; } = new([V1.ReportService.Descriptor], AddReports, MapReports);

    private static void AddReports(IServiceCollection services)
    {
        services.TryAddSingleton<EvidenceLog>();
        services.AddSingleton<ComposeReport>();
        services.AddSingleton<PublishReport>();
        services.AddSingleton<ReportFiles>();
        services.AddSingleton<ReportService>();
    }

    private static void MapReports(IEndpointRouteBuilder routes) => routes.MapGrpcService<ReportService>();
}
