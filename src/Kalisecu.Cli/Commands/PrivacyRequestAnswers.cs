using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>What is done with a request until it is answered.</summary>
internal static class PrivacyRequestAnswers
{
    private static readonly Option<string> Question = Options.Needed(
        "--question",
        "TEXT",
        "What is needed, for the letter"
    );
    private static readonly Option<string> Grounds = Options.Needed("--grounds", "TEXT", "Why, for the record");
    private static readonly Option<string> Reasons = Options.Needed(
        "--reasons",
        "TEXT",
        "Why, in words for the person"
    );
    private static readonly Option<string?> Explanation = Options.Text(
        "--explanation",
        "TEXT",
        "What else the answer says"
    );
    private static readonly Option<string> Code = Options.Needed("--code", "CODE", "The code from the letter");
    private static readonly Option<Right[]> Rights = Words.Many<Right>("--right", "Only this right, once for each");

    private static readonly Option<bool> WithCode = new("--with-code")
    {
        Description = "Send a one-time code to the address that was known before",
    };

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf("acknowledge", "Confirm the receipt by letter", "privacy-requests acknowledge REQUEST")
        {
            PrivacyRequestsCommand.Id,
            Options.Etag,
        }.Runs(Acknowledge),
        new Leaf(
            "ask-identity",
            "Ask who it is, which suspends the clock",
            "privacy-requests ask-identity REQUEST --question 'Is it you?' --grounds 'other address' --with-code"
        )
        {
            PrivacyRequestsCommand.Id,
            Question,
            Grounds,
            WithCode,
            Options.Etag,
        }.Runs(AskIdentity),
        new Leaf(
            "confirm-identity",
            "Bring the code from the letter",
            "privacy-requests confirm-identity REQUEST --code '1234 5678'"
        )
        {
            PrivacyRequestsCommand.Id,
            Code,
        }.Runs(ConfirmIdentity),
        new Leaf(
            "judge-identity",
            "Record that it is known who asks",
            "privacy-requests judge-identity REQUEST --grounds 'answered from the known address'"
        )
        {
            PrivacyRequestsCommand.Id,
            Grounds,
            Options.Etag,
        }.Runs(JudgeIdentity),
        new Leaf(
            "extend",
            "Extend by two months and notify the person",
            "privacy-requests extend REQUEST --reasons 'many audits have to be searched'"
        )
        {
            PrivacyRequestsCommand.Id,
            Reasons,
            Options.Etag,
        }.Runs(Extend),
        new Leaf(
            "refuse",
            "Refuse, with reasons, the complaint and the remedy in the letter",
            "privacy-requests refuse REQUEST --right erasure --reasons 'invoices are kept ten years'"
        )
        {
            PrivacyRequestsCommand.Id,
            Rights,
            Reasons,
            Options.Etag,
        }.Runs(Refuse),
        new Leaf("complete", "Answer by letter and close", "privacy-requests complete REQUEST")
        {
            PrivacyRequestsCommand.Id,
            Explanation,
            Options.Etag,
        }.Runs(Complete),
        new Leaf(
            "withdraw",
            "Close what its person takes back",
            "privacy-requests withdraw REQUEST --reasons 'wrote so on 3 March'"
        )
        {
            PrivacyRequestsCommand.Id,
            Reasons,
            Options.Etag,
        }.Runs(Withdraw),
    ];

    private static async Task<int> Acknowledge(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new AcknowledgePrivacyRequestRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .AcknowledgePrivacyRequestAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> AskIdentity(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new AskForIdentityRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Question = run.Get(Question),
            Grounds = run.Get(Grounds),
            WithCode = run.Get(WithCode),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .AskForIdentityAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> ConfirmIdentity(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ConfirmIdentityRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Code = run.Get(Code),
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .ConfirmIdentityAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer, new Column<ConfirmIdentityResponse>("Due", a => a.DueDate));
        return ExitCodes.Ok;
    }

    private static async Task<int> JudgeIdentity(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new JudgeIdentityRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Grounds = run.Get(Grounds),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .JudgeIdentityAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> Extend(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new ExtendPrivacyRequestRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Reasons = run.Get(Reasons),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .ExtendPrivacyRequestAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> Refuse(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new RefusePrivacyRequestRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Reasons = run.Get(Reasons),
            Rights = { run.Get(Rights) },
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .RefusePrivacyRequestAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> Complete(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new CompletePrivacyRequestRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Explanation = run.Get(Explanation) ?? "",
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .CompletePrivacyRequestAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }

    private static async Task<int> Withdraw(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var request = new WithdrawPrivacyRequestRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(PrivacyRequestsCommand.Id),
            Reasons = run.Get(Reasons),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await PrivacyRequestsCommand
            .Client(connection)
            .WithdrawPrivacyRequestAsync(request, cancellationToken: cancellationToken);
        return PrivacyRequestsCommand.Print(run, answer.PrivacyRequest);
    }
}
