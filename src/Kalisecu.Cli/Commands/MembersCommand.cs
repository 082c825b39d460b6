using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Tenants.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The people of a tenant who sign in.</summary>
internal static class MembersCommand
{
    private static readonly Argument<string> Id = Options.Id("member", "Id of the member");
    private static readonly Option<string> Email = Options.Needed("--email", "ADDRESS", "E-mail address");
    private static readonly Option<string> FirstName = Options.Needed("--first-name", "TEXT", "First name");
    private static readonly Option<string> LastName = Options.Needed("--last-name", "TEXT", "Last name");
    private static readonly Option<MemberRole> Role = Words
        .One<MemberRole>("--role", "What the person may do")
        .Needed();
    private static readonly Option<string?> NewFirstName = Options.Text("--first-name", "TEXT", "New first name");
    private static readonly Option<string?> NewLastName = Options.Text("--last-name", "TEXT", "New last name");
    private static readonly Option<MemberRole> NewRole = Words.One<MemberRole>("--role", "New role");

    private static readonly Option<MemberState[]> States = Words.Many<MemberState>(
        "--state",
        "Only those in one of these states; removed ones are left out otherwise"
    );

    private static readonly Column<Member>[] Columns =
    [
        new("Member", m => m.MemberId),
        new("E-mail", m => m.Email),
        new("Name", m => $"{m.FirstName} {m.LastName}"),
        new("Role", m => Words.Of(m.Role)),
        new("State", m => Words.Of(m.State)),
        new("Second factor", m => Show.YesNo(m.SecondFactor)),
        new("Last sign-in", m => Show.Time(m.SignInTime)),
    ];

    private static readonly Column<Member>[] Properties =
    [
        .. Columns,
        new("Invited", m => Show.Time(m.CreateTime)),
        new("Removed", m => Show.Time(m.RemoveTime)),
        new("Etag", m => m.Etag),
    ];

    public static Command Create() =>
        new("members", "The people of a tenant who sign in")
        {
            new Leaf(
                "invite",
                "Invite somebody",
                "members invite --email jeanne@martin.example --first-name Jeanne --last-name Martin --role owner"
            )
            {
                Email,
                FirstName,
                LastName,
                Role,
            }.Runs(Invite),
            new Leaf("reinvite", "Take away what somebody signs in with, and invite anew", "members reinvite MEMBER")
            {
                Id,
            }.Runs(Reinvite),
            new Leaf("list", "List members", "members list --tenant boulangerie-martin") { States, Options.Limit }.Runs(
                List
            ),
            new Leaf("get", "Show a member", "members get MEMBER") { Id }.Runs(Get),
            new Leaf("update", "Change name or role", "members update MEMBER --role reader")
            {
                Id,
                NewFirstName,
                NewLastName,
                NewRole,
                Options.Etag,
            }.Runs(Update),
            new Leaf("remove", "Remove a member and end the sessions at once", "members remove MEMBER") { Id }.Runs(
                Remove
            ),
            AcceptInvitation.Create("members"),
        };

    private static async Task<int> Invite(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new InviteMemberRequest
        {
            RequestId = Changes.RequestId(),
            Email = run.Get(Email),
            FirstName = run.Get(FirstName),
            LastName = run.Get(LastName),
            Role = run.Get(Role),
        };
        var answer = await Client(connection).InviteMemberAsync(request, cancellationToken: cancellationToken);
        ShowInvitation(run, answer, answer.Member, answer.Invitation);
        return ExitCodes.Ok;
    }

    private static async Task<int> Reinvite(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ReinviteMemberRequest { RequestId = Changes.RequestId(), MemberId = run.Get(Id) };
        var answer = await Client(connection).ReinviteMemberAsync(request, cancellationToken: cancellationToken);
        ShowInvitation(run, answer, answer.Member, answer.Invitation);
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListMembersRequest { States = { run.Get(States) } };
        return await run.ListAsync(
            request,
            Client(connection).ListMembersAsync,
            page => page.Members,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetMemberRequest { MemberId = run.Get(Id) };
        var answer = await Client(connection).GetMemberAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Member, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Update(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new UpdateMemberRequest
        {
            RequestId = Changes.RequestId(),
            MemberId = run.Get(Id),
            FirstName = run.Get(NewFirstName) ?? "",
            LastName = run.Get(NewLastName) ?? "",
            Role = run.Get(NewRole),
            UpdateMask = run.Mask((NewFirstName, "first_name"), (NewLastName, "last_name"), (NewRole, "role")),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).UpdateMemberAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Member, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Remove(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RemoveMemberRequest { RequestId = Changes.RequestId(), MemberId = run.Get(Id) };
        var answer = await Client(connection).RemoveMemberAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Member, Properties);
        return ExitCodes.Ok;
    }

    private static void ShowInvitation<T>(Invocation run, T answer, Member member, MemberInvitation invitation)
    {
        run.Output.Item(
            answer,
            new("Member", _ => member.MemberId),
            new("Invitation", _ => invitation.Token.Length > 0 ? invitation.Token : "in the letter to its own address"),
            new("Valid until", _ => Show.Time(invitation.ExpireTime))
        );
        run.Output.Hint("The invitation is sent to the person. It is accepted with 'kalisecu members accept'.");
    }

    private static MemberService.MemberServiceClient Client(Connection connection) => new(connection.Invoker);
}
