using System.CommandLine;
using Kalisecu.Cli.Commands.Parts;
using Kalisecu.Persons.V1;

namespace Kalisecu.Cli.Commands;

/// <summary>Whoever data is held about.</summary>
internal static class PersonsCommand
{
    private static readonly Argument<string> Id = Options.Id("person", "Id of the person");
    private static readonly Option<PersonKind> Kind = Words
        .One<PersonKind>("--kind", "What the person is to us: prospect or contact")
        .Needed();
    private static readonly Option<string> Email = Options.Needed("--email", "ADDRESS", "E-mail address");
    private static readonly Option<string> LastName = Options.Needed("--last-name", "TEXT", "Last name");
    private static readonly Option<string?> SomeEmail = Options.Text("--email", "ADDRESS", "E-mail address");
    private static readonly Option<string?> NewLastName = Options.Text("--last-name", "TEXT", "Last name");
    private static readonly Option<string?> FirstName = Options.Text("--first-name", "TEXT", "First name");
    private static readonly Option<Language> Language = Words.One<Language>("--language", "Language of letters");
    private static readonly Option<string?> Function = Options.Text("--function", "TEXT", "Function in the company");
    private static readonly Option<string?> Phone = Options.Text("--phone", "NUMBER", "Telephone number");
    private static readonly Option<string?> Company = Options.Text("--company", "TEXT", "Name of the company");
    private static readonly Option<string?> Address = Options.Text("--address", "TEXT", "Address of the company");
    private static readonly Option<string?> Website = Options.Text("--website", "URL", "Website to audit");
    private static readonly Option<string[]> Technologies = Options.Texts(
        "--technology",
        "TEXT",
        "A technology of the website; repeat for more"
    );
    private static readonly Option<PersonKind[]> Kinds = Words.Many<PersonKind>("--kind", "Only these kinds");
    private static readonly Option<ContactKind> How = Words
        .One<ContactKind>("--how", "How the person turned to us; an opened e-mail is none of these")
        .Needed();

    private static readonly Column<Person>[] Columns =
    [
        new("Person", p => p.PersonId),
        new("Kind", p => Words.Of(p.Kind)),
        new("Name", p => $"{p.Details?.FirstName} {p.Details?.LastName}".Trim()),
        new("E-mail", p => p.Details?.Email ?? ""),
        new("Tenant", p => p.TenantId),
        new("Since", p => Show.Time(p.CreateTime)),
        new("Last contact", p => Show.Time(p.ContactTime)),
        new("Restricted", p => Show.Time(p.RestrictTime)),
        new("Erased", p => Show.Time(p.EraseTime)),
    ];

    private static readonly Column<Person>[] Properties =
    [
        .. Columns,
        new("Language", p => p.Details is { } known ? Words.Of(known.Language) : ""),
        new("Function", p => p.Details?.Function ?? ""),
        new("Phone", p => p.Details?.Phone ?? ""),
        new("Company", p => p.Details?.CompanyName ?? ""),
        new("Address", p => p.Details?.CompanyAddress ?? ""),
        new("Website", p => p.Details?.WebsiteUrl ?? ""),
        new("Technologies", p => string.Join(", ", p.Details?.Technologies ?? [])),
        new("Etag", p => p.Etag),
    ];

    public static Command Create() =>
        new("persons", "Whoever data is held about")
        {
            new Leaf(
                "register",
                "Register a prospect or a contact",
                "persons register --kind prospect --email jeanne@martin.example --last-name Martin --phone '+33 2 99 00 00 00'"
            )
            {
                Kind,
                Email,
                FirstName,
                LastName,
                Language,
                Function,
                Phone,
                Company,
                Address,
                Website,
                Technologies,
            }.Runs(Register),
            new Leaf("list", "List persons of the whole platform", "persons list --email jeanne@martin.example")
            {
                SomeEmail,
                Kinds,
                Options.Limit,
            }.Runs(List),
            new Leaf("get", "Show a person", "persons get PERSON") { Id }.Runs(Get),
            new Leaf("update", "Change what is known", "persons update PERSON --phone '+33 2 99 00 00 00'")
            {
                Id,
                SomeEmail,
                FirstName,
                NewLastName,
                Language,
                Function,
                Phone,
                Company,
                Address,
                Website,
                Technologies,
                Options.Etag,
            }.Runs(Update),
            new Leaf("contact", "Record that a prospect turned to us", "persons contact PERSON --how conversation")
            {
                Id,
                How,
            }.Runs(Contact),
        };

    private static async Task<int> Register(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RegisterPersonRequest
        {
            RequestId = Changes.RequestId(),
            Kind = run.Get(Kind),
            Details = Details(run, run.Get(Email), run.Get(LastName)),
        };
        var answer = await Client(connection).RegisterPersonAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer, new Column<RegisterPersonResponse>("Person", a => a.PersonId));
        return ExitCodes.Ok;
    }

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new ListPersonsRequest { Email = run.Get(SomeEmail) ?? "", Kinds = { run.Get(Kinds) } };
        return await run.ListAsync(
            request,
            Client(connection).ListPersonsAsync,
            page => page.Persons,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> Get(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new GetPersonRequest { PersonId = run.Get(Id) };
        var answer = await Client(connection).GetPersonAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Person, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Update(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new UpdatePersonRequest
        {
            RequestId = Changes.RequestId(),
            PersonId = run.Get(Id),
            Details = Details(run, run.Get(SomeEmail) ?? "", run.Get(NewLastName) ?? ""),
            UpdateMask = run.Mask(
                (SomeEmail, "email"),
                (FirstName, "first_name"),
                (NewLastName, "last_name"),
                (Language, "language"),
                (Function, "function"),
                (Phone, "phone"),
                (Company, "company_name"),
                (Address, "company_address"),
                (Website, "website_url"),
                (Technologies, "technologies")
            ),
            Etag = run.Get(Options.Etag) ?? "",
        };
        var answer = await Client(connection).UpdatePersonAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer.Person, Properties);
        return ExitCodes.Ok;
    }

    private static async Task<int> Contact(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = await run.ConnectAsync(cancellationToken);
        var request = new RecordContactRequest
        {
            RequestId = Changes.RequestId(),
            PersonId = run.Get(Id),
            Kind = run.Get(How),
        };
        var answer = await Client(connection).RecordContactAsync(request, cancellationToken: cancellationToken);
        run.Output.Item(answer, new Column<RecordContactResponse>("Last contact", a => Show.Time(a.ContactTime)));
        return ExitCodes.Ok;
    }

    private static PersonDetails Details(Invocation run, string email, string lastName) =>
        new()
        {
            Email = email,
            FirstName = run.Get(FirstName) ?? "",
            LastName = lastName,
            Language = run.Get(Language),
            Function = run.Get(Function) ?? "",
            Phone = run.Get(Phone) ?? "",
            CompanyName = run.Get(Company) ?? "",
            CompanyAddress = run.Get(Address) ?? "",
            WebsiteUrl = run.Get(Website) ?? "",
            Technologies = { run.Get(Technologies) },
        };

    private static PersonService.PersonServiceClient Client(Connection connection) => new(connection.Invoker);
}
