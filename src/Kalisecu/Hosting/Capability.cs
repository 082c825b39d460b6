using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ContractDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Kalisecu.Hosting;

/// <summary>What a capability adds to a server process: its services, its RPCs, and the contracts whose rules judge them.</summary>
internal sealed record Capability(
    IReadOnlyList<ContractDescriptor> Contracts,
    Action<IServiceCollection> Register,
    Action<IEndpointRouteBuilder> Map
);
