using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Policies.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>From the draft of a version to its publication.</summary>
internal static class PolicyDrafts
{
    // Publishing writes to everybody: a minute for 100,000 members.
    private static readonly TimeSpan PublishWithin = TimeSpan.FromMinutes(30);

    private static readonly Argument<uint> Number = new("NUMBER") { Description = "Number of the draft" };
    private static readonly Option<string> Effect = Options.Needed("--effect", "DATE", "The day from which it applies");
    private static readonly Option<string> French = Options.Needed("--fr", "FILE", "The text in French, Markdown");
    private static readonly Option<string> English = Options.Needed("--en", "FILE", "The text in English, Markdown");
    private static readonly Option<string?> NewEffect = Options.Text(
        "--effect",
        "DATE",
        "The day from which it applies"
    );
    private static readonly Option<string?> NewFrench = Options.Text("--fr", "FILE", "The text in French, Markdown");
    private static readonly Option<string?> NewEnglish = Options.Text("--en", "FILE", "The text in English, Markdown");
    private static readonly Option<string?> SummaryFr = Options.Text("--summary-fr", "TEXT", "What changes, in French");
    private static readonly Option<string?> SummaryEn = Options.Text(
        "--summary-en",
        "TEXT",
        "What changes, in English"
    );

    private static readonly Option<string[]> Clauses = Options.Texts(
        "--clause",
        "ID",
        "A clause that it contains, once for each [default: all]"
    );

    private static readonly Option<bool> Substantial = new("--substantial")
    {
        Description = "Clients have to be told of the change",
    };

    public static Command Create() =>
        new Leaf(
            "draft",
            "Draft a version",
            "policies draft --effect 2027-02-01 --fr policy.fr.md --en policy.en.md --substantial"
        )
        {
            Effect,
            French,
            English,
            SummaryFr,
            SummaryEn,
            Substantial,
            Clauses,
        }.Runs(RunCreate);

    public static Command Update() =>
        new Leaf("update", "Change a draft", "policies update 2 --effect 2027-03-01")
        {
            Number,
            NewEffect,
            NewFrench,
            NewEnglish,
            SummaryFr,
            SummaryEn,
            Substantial,
            Clauses,
            Options.Etag,
        }.Runs(RunUpdate);

    public static Command Discard() =>
        new Leaf("discard", "Give a draft up", "policies discard 2") { Number }.Runs(RunDiscard);

    public static Command Publish() =>
        new Leaf("publish", "Publish a draft; a substantial change is written to every member", "policies publish 2")
        {
            Number,
            Options.Etag,
        }.Runs(RunPublish);

    private static async Task<int> RunCreate(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new CreatePolicyVersionRequest
        {
            RequestId = Changes.RequestId(),
            EffectDate = run.Get(Effect),
            Substantial = run.Get(Substantial),
            TextFr = await File.ReadAllTextAsync(run.Get(French), cancellationToken),
            TextEn = await File.ReadAllTextAsync(run.Get(English), cancellationToken),
            SummaryFr = run.Get(SummaryFr) ?? "",
            SummaryEn = run.Get(SummaryEn) ?? "",
            ClauseIds = { await ClausesAsync(run, connection, cancellationToken) },
        };
        var client = PoliciesCommand.Client(connection);
        var answer = await client.CreatePolicyVersionAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Version, PoliciesCommand.Columns);
        return ExitCodes.Ok;
    }

    private static async Task<int> RunUpdate(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new UpdatePolicyVersionRequest
        {
            RequestId = Changes.RequestId(),
            Number = run.Get(Number),
            EffectDate = run.Get(NewEffect) ?? "",
            Substantial = run.Get(Substantial),
            TextFr = run.Get(NewFrench) is { } fr ? await File.ReadAllTextAsync(fr, cancellationToken) : "",
            TextEn = run.Get(NewEnglish) is { } en ? await File.ReadAllTextAsync(en, cancellationToken) : "",
            SummaryFr = run.Get(SummaryFr) ?? "",
            SummaryEn = run.Get(SummaryEn) ?? "",
            ClauseIds = { run.Get(Clauses) },
            UpdateMask = run.Mask(
                (NewEffect, "effect_date"),
                (Substantial, "substantial"),
                (NewFrench, "text_fr"),
                (NewEnglish, "text_en"),
                (SummaryFr, "summary_fr"),
                (SummaryEn, "summary_en"),
                (Clauses, "clause_ids")
            ),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var client = PoliciesCommand.Client(connection);
        var answer = await client.UpdatePolicyVersionAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Version, PoliciesCommand.Columns);
        return ExitCodes.Ok;
    }

    private static async Task<int> RunDiscard(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new DiscardPolicyVersionRequest { RequestId = Changes.RequestId(), Number = run.Get(Number) };
        var client = PoliciesCommand.Client(connection);
        var answer = await client.DiscardPolicyVersionAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Version, PoliciesCommand.Columns);
        return ExitCodes.Ok;
    }

    private static async Task<int> RunPublish(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new PublishPolicyVersionRequest
        {
            RequestId = Changes.RequestId(),
            Number = run.Get(Number),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PoliciesCommand
            .Client(connection)
            .PublishPolicyVersionAsync(
                request,
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime + PublishWithin,
                cancellationToken: cancellationToken
            );
        run.Output.Item(answer.Version, PoliciesCommand.Columns);
        return ExitCodes.Ok;
    }

    private static async Task<IReadOnlyList<string>> ClausesAsync(
        Invocation run,
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        if (run.Get(Clauses) is { Length: > 0 } given)
        {
            return given;
        }

        var client = new Compliance.V1.ComplianceService.ComplianceServiceClient(connection.Invoker);
        var request = new Compliance.V1.ListClausesRequest { PageSize = 1000 };
        var all = await client.ListClausesAsync(request, cancellationToken: cancellationToken);
        return [.. all.Clauses.Select(c => c.ClauseId)];
    }
}
