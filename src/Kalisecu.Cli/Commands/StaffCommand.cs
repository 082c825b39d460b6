using System.CommandLine;
using Kalisecu.Accounts.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>Accounts of Kalisecu's staff.</summary>
internal static class StaffCommand
{
    private static readonly Argument<string> Id = Options.Id("account", "Id of the account");
    private static readonly Option<string> Email = Options.Needed("--email", "ADDRESS", "E-mail address");
    private static readonly Option<string> Name = Options.Needed("--name", "TEXT", "Name shown to colleagues");
    private static readonly Option<StaffRole> Role = Words.One<StaffRole>("--role", "What the person does").Needed();
    private static readonly Option<string?> NewName = Options.Text("--name", "TEXT", "New name");
    private static readonly Option<StaffRole> NewRole = Words.One<StaffRole>("--role", "New role");

    private static readonly Option<AccountState[]> States = Words.Many<AccountState>(
        "--state",
        "Only those in one of these states"
    );

    private static readonly Column<StaffAccount>[] Columns =
    [
        new("Account", a => a.AccountId),
        new("E-mail", a => a.Email),
        new("Name", a => a.DisplayName),
        new("Role", a => Words.Of(a.Role)),
        new("State", a => Words.Of(a.State)),
        new("Last sign-in", a => Show.Time(a.SignInTime)),
    ];

    private static readonly Column<StaffAccount>[] Properties =
    [
        .. Columns,
        new("Created", a => Show.Time(a.CreateTime)),
        new("Suspended", a => Show.Time(a.SuspendTime)),
        new("Etag", a => a.Etag),
    ];

    public static Command Create() =>
        new("staff", "Accounts of Kalisecu's staff")
        {
            new Leaf("create", "Invite somebody", "staff create --email ada@kalisecu.fr --name 'Ada' --role analyst")
            {
                Email,
                Name,
                Role,
            }.Runs(Invite),
            new Leaf("list", "List accounts", "staff list --state active") { States, Options.Limit }.Runs(List),
            new Leaf("get", "Show an account", "staff get ACCOUNT") { Id }.Runs(Get),
            new Leaf("update", "Change name or role", "staff update ACCOUNT --role administrator")
            {
                Id,
                NewName,
                NewRole,
                Options.Etag,
            }.Runs(Update),
            new Leaf("suspend", "Lock somebody out at once", "staff suspend ACCOUNT --reason 'left the company'")
            {
                Id,
                Options.Reason,
            }.Runs(Suspend),
            new Leaf("reinstate", "Let somebody in again", "staff reinstate ACCOUNT") { Id }.Runs(Reinstate),
            new Leaf("reset", "Take away password and second factor, and invite anew", "staff reset ACCOUNT")
            {
                Id,
            }.Runs(Reset),
            AcceptInvitation.Create("staff"),
        };

    private static async Task<int> Invite(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new CreateStaffRequest
        {
            RequestId = Changes.RequestId(),
            Email = run.Get(Email),
            DisplayName = run.Get(Name),
            Role = run.Get(Role),
        };
        var answer = await Client(connection).CreateStaffAsync(request, cancellationToken: cancellationToken);
        ShowInvitation(run, answer, answer.Account, answer.Invitation);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ListStaffRequest { States = { run.Get(States) } };
        return await run.ListAsync(
            request,
            Client(connection).ListStaffAsync,
            page => page.Accounts,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new GetStaffRequest { AccountId = run.Get(Id) };
        var answer = await Client(connection).GetStaffAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Account, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Update(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new UpdateStaffRequest
        {
            RequestId = Changes.RequestId(),
            AccountId = run.Get(Id),
            DisplayName = run.Get(NewName) ?? "",
            Role = run.Get(NewRole),
            UpdateMask = run.Mask((NewName, "display_name"), (NewRole, "role")),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).UpdateStaffAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Account, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Suspend(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new SuspendStaffRequest
        {
            RequestId = Changes.RequestId(),
            AccountId = run.Get(Id),
            Reason = run.Get(Options.Reason),
        };
        var answer = await Client(connection).SuspendStaffAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Account, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Reinstate(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ReinstateStaffRequest { RequestId = Changes.RequestId(), AccountId = run.Get(Id) };
        var answer = await Client(connection).ReinstateStaffAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Account, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Reset(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ResetStaffCredentialsRequest { RequestId = Changes.RequestId(), AccountId = run.Get(Id) };
        var answer = await Client(connection).ResetStaffCredentialsAsync(request, cancellationToken: cancellationToken);
        ShowInvitation(run, answer, answer.Account, answer.Invitation);
        return ExitCodes.Ok;
    }

    private static void ShowInvitation<T>(Invocation run, T answer, StaffAccount account, Invitation invitation)
    {
        run.Output.Item(
            answer,
            new("Account", _ => account.AccountId),
            new("Invitation", _ => invitation.Token.Length > 0 ? invitation.Token : "in the letter to its own address"),
            new("Valid until", _ => Show.Time(invitation.ExpireTime))
        );
        run.Output.Hint("The invitation is sent to the person. It is accepted with 'kalisecu staff accept'.");
    }

    private static AccountService.AccountServiceClient Client(Connection connection) => new(connection.Invoker);
}
