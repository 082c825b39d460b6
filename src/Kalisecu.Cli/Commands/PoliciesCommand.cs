using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Policies.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>The privacy policy and its versions.</summary>
internal static class PoliciesCommand
{
    private static readonly Argument<uint?> Which = new("NUMBER")
    {
        Description = "Number of the version [default: the one that applies today]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<uint> Older = new("OLDER") { Description = "Number of the older version" };
    private static readonly Argument<uint> Newer = new("NEWER") { Description = "Number of the newer version" };
    private static readonly Argument<uint> Number = new("NUMBER") { Description = "Number of the version" };

    private static readonly Option<PolicyLanguage> Language = Words.One<PolicyLanguage>(
        "--language",
        "Language of the text [default: fr]"
    );

    private static readonly Option<bool> Html = new("--html") { Description = "As a page of HTML" };
    private static readonly Option<bool> Draft = new("--draft") { Description = "The text of a draft" };
    private static readonly Option<bool> Drafts = new("--drafts")
    {
        Description = "Drafts in place of published versions",
    };

    private static readonly Column<PolicyNotice>[] NoticeColumns =
    [
        new("Tenant", n => n.TenantId),
        new("Member", n => n.MemberId),
        new("Letter", n => n.LetterId),
        new("State", n => Words.Of(n.State)),
        new("Sent", n => Show.Time(n.SendTime)),
    ];

    internal static readonly Column<PolicyVersion>[] Columns =
    [
        new("Version", v => Show.Number(v.Number), IsNumber: true),
        new("State", v => Words.Of(v.State)),
        new("Applies from", v => v.EffectDate),
        new("Substantial", v => Show.YesNo(v.Substantial)),
        new("Published", v => Show.Time(v.PublishTime)),
        new("Written to", v => Show.Number(v.RecipientCount), IsNumber: true),
        new("Summary", v => v.SummaryEn),
    ];

    public static Command Create() =>
        new("policies", "The privacy policy and its versions")
        {
            new Leaf("show", "Read the policy", "policies show --language en") { Which, Language, Html, Draft }.Runs(
                Read
            ),
            new Leaf("list", "List the published versions", "policies list") { Drafts, Options.Limit }.Runs(List),
            new Leaf("diff", "What differs between two versions", "policies diff 1 2") { Older, Newer, Language }.Runs(
                Diff
            ),
            PolicyDrafts.Create(),
            PolicyDrafts.Update(),
            PolicyDrafts.Discard(),
            PolicyDrafts.Publish(),
            new Leaf("notices", "Who was told of a version, and whether it arrived", "policies notices 2")
            {
                Number,
                Options.Limit,
            }.Runs(Notices),
        };

    private static async Task<int> Read(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var client = Client(connection);
        var (number, language) = (run.Get(Which), run.Get(Language));
        PolicyText text;
        if (number is null)
        {
            var request = new GetCurrentPolicyRequest { Language = language };
            text = (await client.GetCurrentPolicyAsync(request, cancellationToken: cancellationToken)).Text;
        }
        else if (run.Get(Draft))
        {
            var request = new GetPolicyDraftRequest { Number = number.Value, Language = language };
            text = (await client.GetPolicyDraftAsync(request, cancellationToken: cancellationToken)).Text;
        }
        else
        {
            var request = new GetPolicyVersionRequest { Number = number.Value, Language = language };
            text = (await client.GetPolicyVersionAsync(request, cancellationToken: cancellationToken)).Text;
        }

        if (run.Output.IsJson)
        {
            run.Output.Line(text);
        }
        else
        {
            run.Output.Raw(Show.Safe(run.Get(Html) ? text.Html : text.Markdown, keepLines: true));
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return run.Get(Drafts)
            ? await run.ListAsync(
                new ListPolicyDraftsRequest(),
                Client(connection).ListPolicyDraftsAsync,
                page => page.Versions,
                Columns,
                cancellationToken
            )
            : await run.ListAsync(
                new ListPolicyVersionsRequest(),
                Client(connection).ListPolicyVersionsAsync,
                page => page.Versions,
                Columns,
                cancellationToken
            );
    }

    private static async Task<int> Diff(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new DiffPolicyVersionsRequest
        {
            FromNumber = run.Get(Older),
            ToNumber = run.Get(Newer),
            Language = run.Get(Language),
        };
        var answer = await Client(connection).DiffPolicyVersionsAsync(request, cancellationToken: cancellationToken);
        foreach (var line in answer.Lines)
        {
            if (run.Output.IsJson)
            {
                run.Output.Line(line);
            }
            else
            {
                run.Output.Raw($"{Sign(line.Kind)} {Show.Safe(line.Text)}\n");
            }
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> Notices(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListPolicyNoticesRequest { Number = run.Get(Number) },
            Client(connection).ListPolicyNoticesAsync,
            page => page.Notices,
            NoticeColumns,
            cancellationToken
        );
    }

    private static char Sign(DiffKind kind) =>
        kind switch
        {
            DiffKind.Added => '+',
            DiffKind.Removed => '-',
            _ => ' ',
        };

    internal static PolicyService.PolicyServiceClient Client(Connection connection) => new(connection.Invoker);
}
