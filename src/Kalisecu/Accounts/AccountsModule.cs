using Kalisecu.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Accounts;

internal static class AccountsModule
{
    public static Capability Capability { get; } = new([], AddAccounts, MapAccounts);

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<SessionDirectory>();
    }

    private static void MapAccounts(IEndpointRouteBuilder routes) { }
}
