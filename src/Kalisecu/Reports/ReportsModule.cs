using Kalisecu.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Reports;

internal static class ReportsModule
{
    public static Capability Capability { get; } = new([], AddReports, MapReports);

    private static void AddReports(IServiceCollection services) { }

    private static void MapReports(IEndpointRouteBuilder routes) { }
}
