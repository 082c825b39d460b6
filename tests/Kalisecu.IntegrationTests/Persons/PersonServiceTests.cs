using Google.Protobuf.WellKnownTypes;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Persons.V1;
using Kalisecu.TestKit;
using NodaTime;
using Duration = NodaTime.Duration;
using PersonKind = Kalisecu.Persons.V1.PersonKind;
using Role = Kalisecu.Tenancy.Role;

namespace Kalisecu.IntegrationTests.Persons;

public sealed class PersonServiceTests(TestServer server) : IClassFixture<TestServer>
{
    private static int made;

    private readonly PersonService.PersonServiceClient _persons = new(
        server.Channel(SpiffeKind.Frontend, "request-form")
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_registers_a_prospect_whom_staff_reads_whole()
    {
        var id = await RegisterAsync(Prospect());

        var read = await GetAsync(id, Role.StaffAnalyst);

        Assert.Equal(PersonKind.Prospect, read.Kind);
        Assert.Equal("", read.TenantId);
        Assert.Equal(("Jeanne", "Martin"), (read.Details.FirstName, read.Details.LastName));
        Assert.Equal(["WordPress 6.4", "PHP 8"], read.Details.Technologies);
        Assert.Equal(Language.Fr, read.Details.Language);
        Assert.Equal(read.CreateTime, read.ContactTime);
    }

    [Fact]
    public async Task Asking_again_with_the_same_address_is_a_contact_of_the_same_prospect()
    {
        var details = Prospect();
        var id = await RegisterAsync(details);
        server.Clock.Advance(Duration.FromMinutes(2));
        details.LastName = "Somebody else";
        details.Email = details.Email.ToUpperInvariant();

        var again = await RegisterAsync(details);

        Assert.Equal(id, again);
        var read = await GetAsync(id, Role.StaffAnalyst);
        Assert.Equal("Martin", read.Details.LastName);
        Assert.Equal(Duration.FromMinutes(2), ContactAge(read));
    }

    [Fact]
    public async Task Whoever_is_under_restriction_is_not_registered_a_second_time()
    {
        var details = Prospect();
        var id = await RegisterAsync(details);
        await server.Given.RunAsync("update persons set restrict_time = now() where person_id = $1", Guid.Parse(id));

        await Refused.WithAsync(ErrorReason.PersonUnderRestriction, () => RegisterAsync(details));

        await server.Given.RunAsync("update persons set restrict_time = null where person_id = $1", Guid.Parse(id));
        Assert.Equal(id, await RegisterAsync(details));
    }

    [Fact]
    public async Task Every_bad_field_is_named()
    {
        var refusal = await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () =>
                RegisterAsync(
                    new PersonDetails
                    {
                        Email = "nobody",
                        Phone = "call me",
                        WebsiteUrl = "ftp://example.fr",
                    },
                    PersonKind.Member
                )
        );

        string[] expected = ["kind", "details.email", "details.last_name", "details.phone", "details.website_url"];
        Assert.All(expected, f => Assert.Contains(f, refusal.Status.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_click_counts_as_contact_an_opened_mail_cannot_be_recorded_and_time_never_goes_back()
    {
        var id = await RegisterAsync(Prospect());
        var before = (await GetAsync(id, Role.StaffAnalyst)).ContactTime;
        server.Clock.Advance(Duration.FromMinutes(3));
        var click = new RecordContactRequest { PersonId = id, Kind = ContactKind.Click };
        var late = new RecordContactRequest
        {
            PersonId = id,
            Kind = ContactKind.Email,
            ContactTime = before,
        };
        var unknown = new RecordContactRequest { PersonId = id, Kind = (ContactKind)6 };

        var clicked = await _persons.RecordContactAsync(click, cancellationToken: Cancel);
        var still = await _persons.RecordContactAsync(late, cancellationToken: Cancel);

        Assert.Equal(Duration.FromMinutes(3), ToInstant(clicked.ContactTime) - ToInstant(before));
        Assert.Equal(clicked.ContactTime, still.ContactTime);
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            async () => await _persons.RecordContactAsync(unknown, cancellationToken: Cancel)
        );
    }

    [Fact]
    public async Task Staff_changes_what_the_mask_names_and_finds_the_person_by_the_new_address()
    {
        var id = await RegisterAsync(Prospect());
        var headers = await server.Given.SignedInAsync(Role.StaffAdministrator);
        var request = new UpdatePersonRequest
        {
            PersonId = id,
            Details = new PersonDetails { Email = $"new.{id}@client.example", LastName = "not named" },
            UpdateMask = new FieldMask { Paths = { "email", "phone" } },
            RequestId = Guid.CreateVersion7().ToString("D"),
        };

        var changed = await _persons.UpdatePersonAsync(request, headers, cancellationToken: Cancel);
        var repeated = await _persons.UpdatePersonAsync(request, headers, cancellationToken: Cancel);

        Assert.Equal(changed, repeated);
        Assert.Equal(("Martin", ""), (changed.Person.Details.LastName, changed.Person.Details.Phone));
        var found = await _persons.ListPersonsAsync(
            new ListPersonsRequest { Email = $"NEW.{id}@client.example" },
            headers,
            cancellationToken: Cancel
        );
        Assert.Equal(id, Assert.Single(found.Persons).PersonId);
    }

    [Fact]
    public async Task A_member_is_found_with_the_name_it_has_there_and_changed_there_alone()
    {
        var tenant = await server.Given.TenantAsync();
        var email = $"member.{tenant:N}@client.example";
        var id = await server.Given.PersonAsync(tenant, Kalisecu.Persistence.PersonKind.Member, email, "Lou", "Petit");
        var headers = await server.Given.SignedInAsync(Role.StaffDpo);

        var found = await _persons.ListPersonsAsync(
            new ListPersonsRequest { Email = email },
            headers,
            cancellationToken: Cancel
        );

        var person = Assert.Single(found.Persons);
        Assert.Equal(
            (id.ToString("D"), tenant.ToString("D"), "Petit"),
            (person.PersonId, person.TenantId, person.Details.LastName)
        );
        await Refused.WithAsync(
            ErrorReason.PersonKeptElsewhere,
            async () =>
                await _persons.UpdatePersonAsync(
                    new UpdatePersonRequest
                    {
                        PersonId = person.PersonId,
                        Details = new PersonDetails { Phone = "0299000000" },
                        UpdateMask = new FieldMask { Paths = { "phone" } },
                    },
                    headers,
                    cancellationToken: Cancel
                )
        );
        await Refused.WithAsync(
            ErrorReason.PersonNotProspect,
            async () =>
                await _persons.RecordContactAsync(
                    new RecordContactRequest { PersonId = person.PersonId, Kind = ContactKind.Form },
                    cancellationToken: Cancel
                )
        );
    }

    [Fact]
    public async Task The_officer_sees_that_a_restricted_person_is_there_and_an_administrator_sees_nobody()
    {
        var id = await RegisterAsync(Prospect());
        await server.Given.RunAsync("update persons set restrict_time = now() where person_id = $1", Guid.Parse(id));

        var seen = await GetAsync(id, Role.StaffDpo);

        Assert.NotNull(seen.RestrictTime);
        Assert.Null(seen.Details);
        await Refused.WithAsync(ErrorReason.NotFound, () => GetAsync(id, Role.StaffAdministrator));
    }

    private static PersonDetails Prospect() =>
        new()
        {
            Email = $"jeanne.{Interlocked.Increment(ref made)}@martin.example",
            FirstName = "Jeanne",
            LastName = "Martin",
            Phone = "+33 2 99 00 00 00",
            CompanyName = "Boulangerie Martin",
            WebsiteUrl = "https://martin.example/",
            Technologies = { "WordPress 6.4", "PHP 8" },
        };

    private static Duration ContactAge(Person person) => ToInstant(person.ContactTime) - ToInstant(person.CreateTime);

    private static Instant ToInstant(Timestamp time) => Instant.FromDateTimeOffset(time.ToDateTimeOffset());

    private async Task<string> RegisterAsync(PersonDetails details, PersonKind kind = PersonKind.Prospect)
    {
        var request = new RegisterPersonRequest { Kind = kind, Details = details };
        return (await _persons.RegisterPersonAsync(request, cancellationToken: Cancel)).PersonId;
    }

    private async Task<Person> GetAsync(string id, Role role)
    {
        var headers = await server.Given.SignedInAsync(role);
        var request = new GetPersonRequest { PersonId = id };
        return (await _persons.GetPersonAsync(request, headers, cancellationToken: Cancel)).Person;
    }
}
