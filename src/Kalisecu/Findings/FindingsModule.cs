using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kalisecu.Findings;

internal static class FindingsModule
{
    public static Capability Capability { get; } =
        new([V1.FindingService.Descriptor, V1.CheckService.Descriptor], AddFindings, MapFindings);

    private static void AddFindings(IServiceCollection services)
    {
        services.AddSingleton(_ => CheckCatalogue.ReadEmbedded());
        services.TryAddSingleton<EvidenceLog>();
        services.AddSingleton<FindingReads>();
        services.AddSingleton<DecideFinding>();
        services.AddSingleton<ExportOccurrences>();
        services.AddSingleton<FindingService>();
        services.AddSingleton<ExportService>();
        services.AddSingleton<CheckService>();
    }

    private static void MapFindings(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<FindingService>();
        routes.MapGrpcService<CheckService>();

        // The generated binding answers this method too (with UNIMPLEMENTED); the lower order wins.
        routes.MapGrpcService<ExportService>().Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = -1);
    }
}
