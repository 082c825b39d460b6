using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Accounts;

internal static class AccountsModule
{
    public static Capability Capability { get; } =
        new([V1.SessionService.Descriptor, V1.AccountService.Descriptor], AddAccounts, MapAccounts);

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<People>();
        services.AddSingleton<IPeople, StaffPeople>();
        services.AddSingleton<PersonSessions>();
        services.AddSingleton<FindSessions>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<SendInvitation>();
        services.AddSingleton<CredentialEnding>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<TotpSecrets>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<FailedSignIns>();
        services.AddSingleton<OpenSession>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<AcceptInvitation>();
        services.AddSingleton<SigningIn>();
        services.AddSingleton<OwnCredential>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<ChangingOwn>();
        services.AddSingleton<StaffAccountProto>();
        services.AddSingleton<StaffAccounts>();
        services.AddSingleton<ManageStaff>();
        services.AddClauseCheck<SecondFactorCheck>();
        services.AddSingleton<InviteStaff>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<AccountService>();
    }

    private static void MapAccounts(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<SessionService>();
        routes.MapGrpcService<AccountService>();
    }
}
