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
        services.AddSingleton<People>();
        services.AddSingleton<PersonSessions>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<CredentialEnding>();
    }

    private static void MapAccounts(IEndpointRouteBuilder routes) { }
}
