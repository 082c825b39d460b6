using Grpc.AspNetCore.Server;
using Kalisecu.Compliance;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>
/// Clause DATA-1, as far as it can be seen from here: this process serves no page, so that nothing of it is opened by a mere
/// visit. What the pages of frontends load is not in its sight, and so the clause is never called proven by it.
/// </summary>
internal sealed class NoPageCheck(IEnumerable<EndpointDataSource> sources) : IClauseCheck
{
    public string ClauseId => "DATA-1";

    public string Name => "no-pages";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) => Task.FromResult(Look());

    private ClauseFinding Look()
    {
        var endpoints = sources.SelectMany(s => s.Endpoints).ToList();
        var pages = endpoints
            .Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is null && !IsOfGrpc(e.DisplayName))
            .Select(e => e.DisplayName ?? "an endpoint without name")
            .ToList();
        return pages.Count > 0
            ? ClauseFinding.Broken(
                $"This process serves more than gRPC: {string.Join(", ", pages)}.",
                ("pages", pages.Count)
            )
            : ClauseFinding.Unproven(
                $"This process serves no page and sets no cookie: its {endpoints.Count} endpoints are gRPC methods behind client "
                    + "certificates. What the pages of frontends load cannot be seen from here.",
                ("endpoints", endpoints.Count)
            );
    }

    // What answers calls of methods and services that do not exist.
    private static bool IsOfGrpc(string? name) =>
        name?.StartsWith("gRPC - Unimplemented", StringComparison.Ordinal) is true;
}
