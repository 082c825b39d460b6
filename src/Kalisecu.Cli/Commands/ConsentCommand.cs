using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Consent.V1;
using Kalisecu.Tenants.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>What persons agree to, refuse and take back.</summary>
internal static class ConsentCommand
{
    private static readonly Argument<string> Person = Options.Id("person", "Id of the person");

    private static readonly Argument<string> Purpose = new("PURPOSE")
    {
        Description = "Short name of the purpose, such as direct_marketing",
    };

    private static readonly Option<string?> OfPurpose = Options.Text(
        "--purpose",
        "NAME",
        "Only events of this purpose"
    );

    private static readonly Option<ConsentChannel> Channel = Words
        .One<ConsentChannel>(
            "--channel",
            "How it reached us",
            ConsentChannel.Paper,
            ConsentChannel.Phone,
            ConsentChannel.Email
        )
        .Needed();

    private static readonly Option<int> Version = new("--text-version")
    {
        Description = "Version of the text [default: the current one, or the one that was agreed to]",
        HelpName = "N",
    };

    private static readonly Option<Language> Language = Words.One<Language>("--language", "Language of the text");
    private static readonly Option<Timestamp?> When = Options.Time("--when", "When it was said");
    private static readonly Option<Timestamp?> AtTime = Options.Time("--at", "Moment to look at");

    private static readonly Column<ConsentEvent>[] Columns =
    [
        new("Said", e => Show.Time(e.EventTime)),
        new("What", e => Words.Of(e.Kind)),
        new("Purpose", e => e.Purpose),
        new("Text", e => $"{e.TextVersion} {Words.Of(e.Language)}"),
        new("Channel", e => Words.Of(e.Channel)),
        new("By", e => e.Actor),
        new("Event", e => e.EventId),
    ];

    private static readonly Column<ConsentEvent>[] Properties =
    [
        .. Columns,
        new("Recorded", e => Show.Time(e.RecordTime)),
        new("Expires", e => Show.Time(e.ExpireTime)),
        new("Text SHA-256", e => Show.Hex(e.TextDigest)),
        new("SHA-256", e => Show.Hex(e.Digest)),
    ];

    public static Command Create() =>
        new("consent", "What persons agree to, refuse and take back")
        {
            PurposesCommand.Create(),
            new Leaf(
                "give",
                "Record that a person agrees",
                "consent give PERSON direct_marketing --channel paper --language fr --when 2026-11-20"
            )
            {
                Person,
                Purpose,
                Channel,
                Version,
                Language,
                When,
            }.Runs(Give),
            new Leaf("refuse", "Record that a person says no", "consent refuse PERSON direct_marketing --channel phone")
            {
                Person,
                Purpose,
                Channel,
                Version,
                Language,
                When,
            }.Runs(Refuse),
            new Leaf(
                "withdraw",
                "Record that a person takes the consent back",
                "consent withdraw PERSON direct_marketing --channel email"
            )
            {
                Person,
                Purpose,
                Channel,
                Version,
                Language,
                When,
            }.Runs(Withdraw),
            new Leaf(
                "state",
                "Show what holds, or held at a moment",
                "consent state PERSON direct_marketing --at 2026-06-01"
            )
            {
                Person,
                Purpose,
                AtTime,
            }.Runs(State),
            new Leaf("history", "List everything a person said, newest first", "consent history PERSON")
            {
                Person,
                OfPurpose,
                Options.Limit,
            }.Runs(History),
            new Leaf("check", "Show whether processing is allowed now, and why", "consent check PERSON service")
            {
                Person,
                Purpose,
            }.Runs(Check),
            ReceiptCommands.Receipt(),
            ReceiptCommands.Keys(),
            ReceiptCommands.Verify(),
        };

    private static async Task<int> Give(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var version = run.Has(Version)
            ? run.Get(Version)
            : await PurposesCommand.CurrentVersionAsync(connection, run.Get(Purpose), cancellationToken);
        var request = new GiveConsentRequest
        {
            RequestId = Changes.RequestId(),
            PersonId = run.Get(Person),
            Purpose = run.Get(Purpose),
            TextVersion = version,
            Language = run.Has(Language) ? run.Get(Language) : Tenants.V1.Language.Fr,
            Channel = run.Get(Channel),
            EventTime = run.Get(When),
        };
        var answer = await Client(connection).GiveConsentAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Event, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Refuse(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RefuseConsentRequest
        {
            RequestId = Changes.RequestId(),
            PersonId = run.Get(Person),
            Purpose = run.Get(Purpose),
            TextVersion = run.Get(Version),
            Language = run.Get(Language),
            Channel = run.Get(Channel),
            EventTime = run.Get(When),
        };
        var answer = await Client(connection).RefuseConsentAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Event, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Withdraw(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new WithdrawConsentRequest
        {
            RequestId = Changes.RequestId(),
            PersonId = run.Get(Person),
            Purpose = run.Get(Purpose),
            TextVersion = run.Get(Version),
            Language = run.Get(Language),
            Channel = run.Get(Channel),
            EventTime = run.Get(When),
        };
        var answer = await Client(connection).WithdrawConsentAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Event, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> State(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetConsentStateRequest
        {
            PersonId = run.Get(Person),
            Purpose = run.Get(Purpose),
            AtTime = run.Get(AtTime),
        };
        var answer = await Client(connection).GetConsentStateAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(
            answer,
            new("State", s => Words.Of(s.State)),
            new("Since", s => Show.Time(s.Event?.EventTime)),
            new("Until", s => Show.Time(s.Event?.ExpireTime)),
            new("Event", s => s.Event?.EventId ?? "")
        );
        return ExitCodes.Ok;
    }

    private static async Task<int> History(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListConsentEventsRequest { PersonId = run.Get(Person), Purpose = run.Get(OfPurpose) ?? "" };
        return await run.ListAsync(
            request,
            Client(connection).ListConsentEventsAsync,
            page => page.Events,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Check(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new CheckProcessingRequest { PersonId = run.Get(Person), Purpose = run.Get(Purpose) };
        var answer = await Client(connection).CheckProcessingAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(
            answer,
            new("Allowed", a => Show.YesNo(a.Allowed)),
            new("Why", a => Words.Of(a.Reason)),
            new("Basis", a => Words.Of(a.LegalBasis)),
            new("Decided", a => Show.Time(a.EventTime))
        );
        return ExitCodes.Ok;
    }

    private static ConsentService.ConsentServiceClient Client(Connection connection) => new(connection.Invoker);
}
