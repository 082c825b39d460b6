using System.CommandLine;
using Kalisecu.Certificates;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>Who is signed in, and for which tenant commands work.</summary>
internal static class SessionCommands
{
    private static readonly Argument<string> Tenant = Options.Id("tenant", "Its id or slug");

    public static Command SignOut() =>
        new Leaf("sign-out", "End the session", "sign-out").Runs(
            async (run, cancellationToken) =>
            {
                if (!File.Exists(run.Data.Session))
                {
                    run.Output.Say("Nobody is signed in.");
                    return ExitCodes.Ok;
                }

                using var connection = run.Connect();
                var client = new Accounts.V1.SessionService.SessionServiceClient(connection.Invoker);
                await client.SignOutAsync(new Accounts.V1.SignOutRequest(), cancellationToken: cancellationToken);
                File.Delete(run.Data.Session);
                run.Output.Say("Signed out.");
                return ExitCodes.Ok;
            }
        );

    public static Command WhoAmI() =>
        new Leaf("whoami", "Show who is signed in", "whoami --json").Runs(
            async (run, cancellationToken) =>
            {
                using var connection = run.Connect();
                var client = new Accounts.V1.SessionService.SessionServiceClient(connection.Invoker);
                var request = new Accounts.V1.GetSessionRequest();
                var answer = await client.GetSessionAsync(request, cancellationToken: cancellationToken);
                Print(run.Output, answer.Session);
                return ExitCodes.Ok;
            }
        );

    public static Command Use() =>
        new Leaf("use", "Choose the tenant that commands work for", "use boulangerie-martin") { Tenant }.Runs(
            async (run, cancellationToken) =>
            {
                var tenant = await new TenantChoosing(run.Target()).FindAsync(run.Get(Tenant), cancellationToken);
                Directory.CreateDirectory(run.Data.Secrets);
                PemFiles.WriteSecret(run.Data.Tenant, tenant + "\n");
                run.Output.Say($"Commands work for tenant {tenant} from now on.");
                return ExitCodes.Ok;
            }
        );

    public static void Print(Output output, Accounts.V1.Session session) =>
        output.Item(
            session,
            new("Person", s => $"{s.DisplayName} <{s.Email}>"),
            new("Role", s => Words.Of(s.Role)),
            new("Tenant", s => s.TenantId),
            new("Second factor", s => Show.YesNo(s.MultiFactor)),
            new("Session", s => s.SessionId),
            new("Ends", s => Show.Time(s.ExpireTime))
        );
}
