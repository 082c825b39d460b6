using System.Text.RegularExpressions;
using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>Wire to domain and back, and the rules of every field that may be known of a person.</summary>
internal static partial class PersonProto
{
    private static readonly string[] Changeable =
    [
        "email",
        "first_name",
        "last_name",
        "language",
        "function",
        "phone",
        "company_name",
        "company_address",
        "website_url",
        "technologies",
    ];

    public static (PersonKind Kind, PersonDetails Details) Read(V1.RegisterPersonRequest request)
    {
        var violations = new Violations();
        violations.Check(
            request.Kind is V1.PersonKind.Prospect or V1.PersonKind.Contact,
            "kind",
            "must be PERSON_KIND_PROSPECT or PERSON_KIND_CONTACT"
        );
        var details = ReadDetails(request.Details ?? new V1.PersonDetails(), violations);
        violations.ThrowIfAny();
        return (request.Kind == V1.PersonKind.Contact ? PersonKind.Contact : PersonKind.Prospect, details);
    }

    /// <summary>What the update makes of the details that are known.</summary>
    public static (Guid PersonId, Func<PersonDetails, PersonDetails> Change) Read(V1.UpdatePersonRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.PersonId, "person_id", violations);
        var mask = Masks.Read(request.UpdateMask, Changeable, violations);
        violations.ThrowIfAny();
        var given = request.Details ?? new V1.PersonDetails();
        return (id, Change);

        PersonDetails Change(PersonDetails known)
        {
            var merged = WriteDetails(known);
            foreach (var path in mask)
            {
                var field = V1.PersonDetails.Descriptor.FindFieldByName(path);
                if (field.IsRepeated)
                {
                    merged.Technologies.Clear();
                    merged.Technologies.Add(given.Technologies);
                }
                else
                {
                    field.Accessor.SetValue(merged, field.Accessor.GetValue(given));
                }
            }

            var changed = new Violations();
            var details = ReadDetails(merged, changed);
            changed.ThrowIfAny();
            return details;
        }
    }

    public static (Guid PersonId, Instant ContactTime) Read(V1.RecordContactRequest request, Instant now)
    {
        var violations = new Violations();
        var id = Fields.Id(request.PersonId, "person_id", violations);
        violations.Check(
            request.Kind is not V1.ContactKind.Unspecified && Enum.IsDefined(request.Kind),
            "kind",
            "must be a way in which a person turns to us; an opened e-mail is none"
        );
        var time = Fields.OptionalTime(request.ContactTime, "contact_time", violations) ?? now;
        violations.Check(time <= now, "contact_time", "must not lie in the future");
        violations.ThrowIfAny();
        return (id, time);
    }

    public static Guid ReadId(string personId)
    {
        var violations = new Violations();
        var id = Fields.Id(personId, "person_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static string? ReadEmail(string email, Violations violations) =>
        email.Length == 0 ? null : ReadField(PersonField.Email, email, "email", violations);

    public static IReadOnlyList<PersonKind> ReadKinds(IEnumerable<V1.PersonKind> kinds, Violations violations)
    {
        var read = new List<PersonKind>();
        foreach (var kind in kinds)
        {
            PersonKind? known = kind switch
            {
                V1.PersonKind.Prospect => PersonKind.Prospect,
                V1.PersonKind.Contact => PersonKind.Contact,
                V1.PersonKind.Member => PersonKind.Member,
                V1.PersonKind.Staff => PersonKind.Staff,
                _ => null,
            };
            if (violations.Check(known is not null, "kinds", "must be of the named values"))
            {
                read.Add(known!.Value);
            }
        }

        return read;
    }

    /// <summary>The rule of one field, as whoever corrects it keeps it too.</summary>
    public static string ReadField(PersonField field, string value, string name, Violations violations)
    {
        switch (field)
        {
            case PersonField.FirstName:
                return Fields.Line(value, name, 0, 100, violations);
            case PersonField.LastName:
                return Fields.Line(value, name, 1, 200, violations);
            case PersonField.Function:
                return Fields.Line(value, name, 0, 200, violations);
            case PersonField.Phone:
                var phone = Fields.Line(value, name, 0, 40, violations);
                violations.Check(phone.Length == 0 || Telephone().IsMatch(phone), name, "must be a telephone number");
                return phone;
            case PersonField.Email:
                var email = Fields.Line(value, name, 3, 254, violations);
                violations.Check(Address().IsMatch(email), name, "must be an e-mail address");
                return email;
            default:
                throw new ArgumentOutOfRangeException(nameof(field), field, "no such field");
        }
    }

    public static V1.Person Write(RegisteredPerson person, PersonDetails? details)
    {
        var written = new V1.Person
        {
            PersonId = person.PersonId.ToString("D"),
            TenantId = person.TenantId == TenantScope.Platform ? "" : person.TenantId.ToString("D"),
            Kind = person.Kind switch
            {
                PersonKind.Prospect => V1.PersonKind.Prospect,
                PersonKind.Contact => V1.PersonKind.Contact,
                PersonKind.Member => V1.PersonKind.Member,
                PersonKind.Staff => V1.PersonKind.Staff,
                _ => throw new InvalidOperationException($"No such kind of person: {person.Kind}."),
            },
            Details = details is null ? null : WriteDetails(details),
            CreateTime = Fields.Write(person.CreateTime),
            Etag = Etag.Write(person.Version),
        };
        if (person.Kind is PersonKind.Prospect && person.ContactTime is { } contacted)
        {
            written.ContactTime = Fields.Write(contacted);
        }

        if (person.RestrictTime is { } restricted)
        {
            written.RestrictTime = Fields.Write(restricted);
        }

        if (person.EraseTime is { } erased)
        {
            written.EraseTime = Fields.Write(erased);
        }

        return written;
    }

    private static PersonDetails ReadDetails(V1.PersonDetails details, Violations violations)
    {
        violations.Check(Enum.IsDefined(details.Language), "details.language", "must be of the named values");
        violations.Check(details.Technologies.Count <= 50, "details.technologies", "must be at most 50");
        return new PersonDetails(
            ReadField(PersonField.Email, details.Email, "details.email", violations),
            ReadField(PersonField.FirstName, details.FirstName, "details.first_name", violations),
            ReadField(PersonField.LastName, details.LastName, "details.last_name", violations),
            details.Language is V1.Language.En ? Language.En : Language.Fr
        )
        {
            Function = ReadField(PersonField.Function, details.Function, "details.function", violations),
            Phone = ReadField(PersonField.Phone, details.Phone, "details.phone", violations),
            CompanyName = Fields.Line(details.CompanyName, "details.company_name", 0, 200, violations),
            CompanyAddress = Fields.Text(details.CompanyAddress, "details.company_address", 0, 500, violations),
            WebsiteUrl = ReadWebsite(details.WebsiteUrl, violations),
            Technologies =
            [
                .. details.Technologies.Select(
                    (t, i) => Line(Fields.Text(t, $"details.technologies[{i}]", 1, 100, violations))
                ),
            ],
        };
    }

    private static V1.PersonDetails WriteDetails(PersonDetails details) =>
        new()
        {
            Email = details.Email,
            FirstName = details.FirstName,
            LastName = details.LastName,
            Language = details.Language is Language.En ? V1.Language.En : V1.Language.Fr,
            Function = details.Function,
            Phone = details.Phone,
            CompanyName = details.CompanyName,
            CompanyAddress = details.CompanyAddress,
            WebsiteUrl = details.WebsiteUrl,
            Technologies = { details.Technologies },
        };

    private static string ReadWebsite(string value, Violations violations)
    {
        var text = Fields.Text(value, "details.website_url", 0, 2000, violations);
        violations.Check(
            text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"),
            "details.website_url",
            "must be an address with http or https"
        );
        return text;
    }

    // They are kept one a line.
    private static string Line(string text) => text.Replace('\n', ' ');

    [GeneratedRegex(@"\A[^\s@<>,;""]{1,64}@[^\s@<>,;""]{1,190}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(@"\A\+?[0-9 ().\-/]{3,39}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Telephone();
}
