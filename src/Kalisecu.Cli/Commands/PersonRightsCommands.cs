using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Rectification, restriction, objection, and who was told of them.</summary>
internal static class PersonRightsCommands
{
    private static readonly Argument<string> Request = Options.Id("request", "Id of the privacy request");
    private static readonly Argument<string> Restriction = Options.Id("restriction", "Id of the restriction");
    private static readonly Argument<string> ObjectionId = Options.Id("objection", "Id of the objection");
    private static readonly Option<string> Person = Options.Needed("--person", "PERSON", "Id of the person");
    private static readonly Option<string?> FirstName = Options.Text("--first-name", "TEXT", "Correct first name");
    private static readonly Option<string?> LastName = Options.Text("--last-name", "TEXT", "Correct last name");
    private static readonly Option<string?> Email = Options.Text("--email", "ADDRESS", "Correct e-mail address");
    private static readonly Option<string?> Function = Options.Text("--function", "TEXT", "Correct function");
    private static readonly Option<string?> Phone = Options.Text("--phone", "TEXT", "Correct phone number");

    private static readonly Option<RestrictionGround> Ground = Words
        .One<RestrictionGround>("--ground", "GDPR art. 18(1)(a) to (d)")
        .Needed();

    private static readonly Option<string> LiftDate = Options.Needed(
        "--date",
        "DATE",
        "Day on which it ends (ISO 8601)"
    );
    private static readonly Argument<string> Notice = Options.Id("notice", "Id of the notice");
    private static readonly Option<string> ToldDate = Options.Needed(
        "--date",
        "DATE",
        "Day on which it was told (ISO 8601)"
    );
    private static readonly Option<string> How = Options.Needed("--how", "TEXT", "By which way, and whom");

    private static readonly Option<bool> Untold = new("--untold")
    {
        Description = "Only those who still have to be told by hand",
    };

    private static readonly Option<string> Purpose = Options.Needed("--purpose", "NAME", "Name of the purpose");

    private static readonly Option<string?> Grounds = Options.Text(
        "--grounds",
        "TEXT",
        "Compelling grounds on which processing goes on [default: it stops]"
    );

    private static readonly Column<Restriction>[] RestrictionColumns =
    [
        new("Restriction", r => r.RestrictionId),
        new("Person", r => r.PersonId),
        new("Ground", r => Words.Of(r.Ground)),
        new("Rows", r => Show.Number(r.RowCount)),
        new("Since", r => Show.Time(r.CreateTime)),
        new("Announced", r => r.AnnounceTime is null ? "" : $"{Show.Time(r.AnnounceTime)} for {r.LiftDate}"),
        new("Lifted", r => Show.Time(r.LiftTime)),
        new("Etag", r => r.Etag),
    ];

    private static readonly Column<Objection>[] ObjectionColumns =
    [
        new("Objection", o => o.ObjectionId),
        new("Person", o => o.PersonId),
        new("Purpose", o => o.Purpose),
        new("State", o => Words.Of(o.State)),
        new("Compelling grounds", o => o.CompellingGrounds),
        new("Recorded", o => Show.Time(o.CreateTime)),
        new("Decided", o => Show.Time(o.DecideTime)),
        new("Etag", o => o.Etag),
    ];

    private static readonly Column<Rectification>[] RectificationColumns =
    [
        new("Rectification", r => r.RectificationId),
        new("Fields", r => string.Join(", ", r.Fields.Select(f => $"{Words.Of(f.Field)} ({f.ChangeCount})"))),
        new("Recipients told", r => Show.Number(r.RecipientCount)),
    ];

    private static readonly Column<RecipientNotice>[] NoticeColumns =
    [
        new("Recipient", n => n.Recipient),
        new("Of", n => Words.Of(n.Cause)),
        new("Person", n => n.PersonId),
        new("Notice", n => n.NoticeId),
        new(
            "Told",
            n =>
                n.ToldDate.Length > 0 ? n.ToldDate
                : n.HasLetter ? "by letter"
                : "tell by hand"
        ),
        new("Written", n => Show.Time(n.CreateTime)),
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        new Leaf(
            "rectify",
            "Correct fields of a person wherever they are held",
            "privacy-requests rectify REQUEST --person PERSON --last-name Durand"
        )
        {
            Request,
            Person,
            FirstName,
            LastName,
            Email,
            Function,
            Phone,
        }.Runs(Rectify),
        new Leaf(
            "restrict",
            "Restrict the processing of a person's data",
            "privacy-requests restrict REQUEST --person PERSON --ground accuracy"
        )
        {
            Request,
            Person,
            Ground,
        }.Runs(Restrict),
        new Leaf("restriction", "Show a restriction", "privacy-requests restriction RESTRICTION") { Restriction }.Runs(
            GetRestriction
        ),
        new Leaf(
            "announce-lifting",
            "Write to the person that the restriction will end",
            "privacy-requests announce-lifting RESTRICTION --date 2026-12-15 --reason 'the address was checked'"
        )
        {
            Restriction,
            LiftDate,
            Options.Reason,
            Options.Etag,
        }.Runs(Announce),
        new Leaf(
            "lift-restriction",
            "Lift a restriction whose end was announced",
            "privacy-requests lift-restriction RESTRICTION"
        )
        {
            Restriction,
            Options.Etag,
        }.Runs(Lift),
        new Leaf(
            "object",
            "Record that a person objects to a purpose",
            "privacy-requests object REQUEST --person PERSON --purpose direct_marketing"
        )
        {
            Request,
            Person,
            Purpose,
        }.Runs(Object),
        new Leaf(
            "withdraw-objection",
            "Record that a person takes an objection back",
            "privacy-requests withdraw-objection --person PERSON --purpose improvement"
        )
        {
            Person,
            Purpose,
        }.Runs(Withdraw),
        new Leaf(
            "decide-objection",
            "Stop the processing, or record the grounds that override an objection",
            "privacy-requests decide-objection OBJECTION"
        )
        {
            ObjectionId,
            Grounds,
            Options.Etag,
        }.Runs(Decide),
        new Leaf("notices", "List the recipients that are told", "privacy-requests notices REQUEST --untold")
        {
            Request,
            Untold,
            Options.Limit,
        }.Runs(Notices),
        new Leaf(
            "recipient-told",
            "Record that a recipient was told by hand",
            "privacy-requests recipient-told NOTICE --date 2026-11-24 --how 'by phone, its officer'"
        )
        {
            Notice,
            ToldDate,
            How,
        }.Runs(Told),
    ];

    private static async Task<int> Rectify(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RectifyPersonRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(Request),
            PersonId = run.Get(Person),
            FirstName = run.Get(FirstName) ?? "",
            LastName = run.Get(LastName) ?? "",
            Email = run.Get(Email) ?? "",
            Function = run.Get(Function) ?? "",
            Phone = run.Get(Phone) ?? "",
        };
        var answer = await Client(connection).RectifyPersonAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Rectification, RectificationColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> Restrict(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RestrictPersonRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(Request),
            PersonId = run.Get(Person),
            Ground = run.Get(Ground),
        };
        var answer = await Client(connection).RestrictPersonAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Restriction, RestrictionColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> GetRestriction(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetRestrictionRequest { RestrictionId = run.Get(Restriction) };
        var answer = await Client(connection).GetRestrictionAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Restriction, RestrictionColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> Announce(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new AnnounceRestrictionLiftingRequest
        {
            RequestId = Changes.RequestId(),
            RestrictionId = run.Get(Restriction),
            LiftDate = run.Get(LiftDate),
            Reasons = run.Get(Options.Reason),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection)
            .AnnounceRestrictionLiftingAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Restriction, RestrictionColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> Lift(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new LiftRestrictionRequest
        {
            RequestId = Changes.RequestId(),
            RestrictionId = run.Get(Restriction),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).LiftRestrictionAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Restriction, RestrictionColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> Object(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ObjectToProcessingRequest
        {
            RequestId = Changes.RequestId(),
            PrivacyRequestId = run.Get(Request),
            PersonId = run.Get(Person),
            Purpose = run.Get(Purpose),
        };
        var answer = await Client(connection).ObjectToProcessingAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Objection, ObjectionColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> Decide(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new DecideObjectionRequest
        {
            RequestId = Changes.RequestId(),
            ObjectionId = run.Get(ObjectionId),
            CompellingGrounds = run.Get(Grounds) ?? "",
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).DecideObjectionAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Objection, ObjectionColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> Withdraw(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new WithdrawObjectionRequest
        {
            RequestId = Changes.RequestId(),
            PersonId = run.Get(Person),
            Purpose = run.Get(Purpose),
        };
        var answer = await Client(connection).WithdrawObjectionAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Objection, ObjectionColumns);
        return ExitCodes.Ok;
    }

    private static async Task<int> Notices(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        return await run.ListAsync(
            new ListRecipientNoticesRequest { PrivacyRequestId = run.Get(Request), UntoldOnly = run.Get(Untold) },
            Client(connection).ListRecipientNoticesAsync,
            page => page.Notices,
            NoticeColumns,
            cancellationToken
        );
    }

    private static async Task<int> Told(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RecordRecipientToldRequest
        {
            RequestId = Changes.RequestId(),
            NoticeId = run.Get(Notice),
            ToldDate = run.Get(ToldDate),
            How = run.Get(How),
        };
        var answer = await Client(connection).RecordRecipientToldAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Notice, NoticeColumns);
        return ExitCodes.Ok;
    }

    private static RightsService.RightsServiceClient Client(Connection connection) => new(connection.Invoker);
}
