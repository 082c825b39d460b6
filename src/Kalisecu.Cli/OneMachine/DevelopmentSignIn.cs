using Grpc.Core;
using Kalisecu.Accounts.V1;
using Kalisecu.Cli.Commands;
using NodaTime;
using Changes = Kalisecu.Cli.Commands.Parts.Changes;
using SignInClient = Kalisecu.Accounts.V1.SessionService.SessionServiceClient;

namespace Kalisecu.Cli.OneMachine;

/// <summary>Keeps this machine's development administrator signed in: made by the first run, signed in again when the session ended.</summary>
internal sealed class DevelopmentSignIn(DataFolder data, IClock clock)
{
    /// <summary>Makes the account where there is none and signs in where no session holds; a repeat goes on where it broke off.</summary>
    public async Task EnsureAsync(ConnectionTarget target, CancellationToken cancellationToken)
    {
        if (await HoldsAsync(target, cancellationToken))
        {
            return;
        }

        // Only the certificate speaks: whose session it was does not matter here.
        using var connection = Connection.Open(target with { SessionFile = null });
        var person = DevelopmentPerson.Read(data) ?? DevelopmentPerson.New();
        person.Save(data);
        var account = await FindAsync(connection, person.Email, cancellationToken);
        if (account is not { State: AccountState.Active } || person.TotpSecret is null)
        {
            person = await InviteAsync(connection, person, account, cancellationToken);
        }

        await SignInAsync(connection, person, cancellationToken);
    }

    /// <summary>Signs in again after the session ended, where the first run has made somebody.</summary>
    public async Task RenewAsync(ConnectionTarget target, CancellationToken cancellationToken)
    {
        if (DevelopmentPerson.Read(data) is not null)
        {
            await EnsureAsync(target, cancellationToken);
        }
    }

    private static async Task<bool> HoldsAsync(ConnectionTarget target, CancellationToken cancellationToken)
    {
        if (!File.Exists(target.SessionFile))
        {
            return false;
        }

        using var connection = Connection.Open(target);
        try
        {
            var request = new GetSessionRequest();
            await new SignInClient(connection.Invoker).GetSessionAsync(request, cancellationToken: cancellationToken);
            return true;
        }
        catch (RpcException exception)
            when (exception.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            return false;
        }
    }

    private static async Task<StaffAccount?> FindAsync(
        Connection connection,
        string email,
        CancellationToken cancellationToken
    )
    {
        var client = new AccountService.AccountServiceClient(connection.Invoker);
        var request = new ListStaffRequest { PageSize = 1000 };
        while (true)
        {
            var page = await client.ListStaffAsync(request, cancellationToken: cancellationToken);
            var found = page.Accounts.FirstOrDefault(account =>
                string.Equals(account.Email, email, StringComparison.Ordinal)
            );
            if (found is not null || page.NextPageToken.Length == 0)
            {
                return found;
            }

            request.PageToken = page.NextPageToken;
        }
    }

    // The secret is kept before it is confirmed: a crash in between leaves an invitation that is made anew, never an
    // account that nobody can open.
    private async Task<DevelopmentPerson> InviteAsync(
        Connection connection,
        DevelopmentPerson person,
        StaffAccount? account,
        CancellationToken cancellationToken
    )
    {
        var token = await InvitationAsync(connection, person, account, cancellationToken);
        var client = new SignInClient(connection.Invoker);
        var accept = new AcceptInvitationRequest { InvitationToken = token, Password = person.Password };
        var answer = await client.AcceptInvitationAsync(accept, cancellationToken: cancellationToken);
        person = person with { TotpSecret = answer.SecondFactor.Secret, LastStep = 0 };
        person.Save(data);

        (var code, person) = await person.NextCodeAsync(clock, cancellationToken);
        person.Save(data);
        var complete = new CompleteInvitationRequest { InvitationToken = token, TotpCode = code };
        await client.CompleteInvitationAsync(complete, cancellationToken: cancellationToken);
        return person;
    }

    private static async Task<string> InvitationAsync(
        Connection connection,
        DevelopmentPerson person,
        StaffAccount? account,
        CancellationToken cancellationToken
    )
    {
        var client = new AccountService.AccountServiceClient(connection.Invoker);
        if (account is not null)
        {
            var reset = new ResetStaffCredentialsRequest
            {
                RequestId = Changes.RequestId(),
                AccountId = account.AccountId,
            };
            var again = await client.ResetStaffCredentialsAsync(reset, cancellationToken: cancellationToken);
            return again.Invitation.Token;
        }

        var create = new CreateStaffRequest
        {
            RequestId = Changes.RequestId(),
            Email = person.Email,
            DisplayName = "Development administrator",
            Role = StaffRole.Administrator,
        };
        var answer = await client.CreateStaffAsync(create, cancellationToken: cancellationToken);
        return answer.Invitation.Token;
    }

    private async Task SignInAsync(Connection connection, DevelopmentPerson person, CancellationToken cancellationToken)
    {
        (var code, person) = await person.NextCodeAsync(clock, cancellationToken);
        person.Save(data);
        var request = new SignInRequest
        {
            Email = person.Email,
            Password = person.Password,
            TotpCode = code,
        };
        var client = new SignInClient(connection.Invoker);
        var answer = await client.SignInAsync(request, cancellationToken: cancellationToken);
        SignInCommand.Keep(data, answer);
    }
}
