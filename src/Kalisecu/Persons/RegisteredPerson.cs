using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>
/// Somebody data is held about. Members and staff keep their names in their own tables; those of prospects and contacts are
/// here, sealed with their tenant's key.
/// </summary>
internal sealed class RegisteredPerson
{
    private RegisteredPerson() { }

    public Guid TenantId { get; private init; }

    public Guid PersonId { get; private init; }

    public PersonKind Kind { get; private init; }

    /// <summary>null once erased.</summary>
    public byte[]? EmailHash { get; private set; }

    public Language Language { get; private set; }

    public byte[]? Email { get; private set; }

    public byte[]? FirstName { get; private set; }

    public byte[]? LastName { get; private set; }

    public byte[]? Function { get; private set; }

    public byte[]? Phone { get; private set; }

    public byte[]? CompanyName { get; private set; }

    public byte[]? CompanyAddress { get; private set; }

    public byte[]? WebsiteUrl { get; private set; }

    public byte[]? Technologies { get; private set; }

    public Instant CreateTime { get; private init; }

    /// <summary>When the person last turned to us; clause RET-1 counts from it.</summary>
    public Instant? ContactTime { get; private set; }

    public Instant? RestrictTime { get; private set; }

    public Instant? EraseTime { get; private set; }

    public uint Version { get; private set; }

    public PersonRef Ref => new(TenantId, PersonId, Kind);

    /// <summary>One whose names stand elsewhere.</summary>
    public static RegisteredPerson Register(PersonRef person, byte[] emailHash, Language language, Instant now) =>
        new()
        {
            TenantId = person.TenantId,
            PersonId = person.PersonId,
            Kind = person.Kind,
            EmailHash = emailHash,
            Language = language,
            CreateTime = Moment.Stored(now),
            ContactTime = person.Kind is PersonKind.Prospect ? Moment.Stored(now) : null,
        };

    /// <summary>A prospect or contact, with all that is known.</summary>
    public static RegisteredPerson Register(
        PersonRef person,
        PersonDetails details,
        byte[] emailHash,
        DataKey key,
        Instant now
    )
    {
        var registered = Register(person, emailHash, details.Language, now);
        registered.Set(details, emailHash, key);
        return registered;
    }

    /// <summary>Replaces everything that is known.</summary>
    public void Set(PersonDetails details, byte[] emailHash, DataKey key)
    {
        EmailHash = emailHash;
        Language = details.Language;
        Email = key.EncryptText(details.Email, PersonColumns.Email, PersonId);
        FirstName = Seal(details.FirstName, PersonColumns.FirstName, key);
        LastName = Seal(details.LastName, PersonColumns.LastName, key);
        Function = Seal(details.Function, PersonColumns.Function, key);
        Phone = Seal(details.Phone, PersonColumns.Phone, key);
        CompanyName = Seal(details.CompanyName, PersonColumns.CompanyName, key);
        CompanyAddress = Seal(details.CompanyAddress, PersonColumns.CompanyAddress, key);
        WebsiteUrl = Seal(details.WebsiteUrl, PersonColumns.WebsiteUrl, key);
        Technologies = Seal(string.Join('\n', details.Technologies), PersonColumns.Technologies, key);
    }

    /// <summary>The details of a prospect or contact; null for whose names stand elsewhere, and for the erased.</summary>
    public PersonDetails? Open(DataKey key) =>
        Email is null
            ? null
            : new PersonDetails(
                Open(Email, PersonColumns.Email, key),
                Open(FirstName, PersonColumns.FirstName, key),
                Open(LastName, PersonColumns.LastName, key),
                Language
            )
            {
                Function = Open(Function, PersonColumns.Function, key),
                Phone = Open(Phone, PersonColumns.Phone, key),
                CompanyName = Open(CompanyName, PersonColumns.CompanyName, key),
                CompanyAddress = Open(CompanyAddress, PersonColumns.CompanyAddress, key),
                WebsiteUrl = Open(WebsiteUrl, PersonColumns.WebsiteUrl, key),
                Technologies = Open(Technologies, PersonColumns.Technologies, key)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries),
            };

    /// <summary>The person turned to us: a call, a mail, a form, a click. Never goes back.</summary>
    public void Contacted(Instant contactTime)
    {
        var stored = Moment.Stored(contactTime);
        ContactTime = ContactTime > stored ? ContactTime : stored;
    }

    /// <summary>The address that finds the person; for whose names stand elsewhere.</summary>
    public void ChangeEmail(byte[] emailHash) => EmailHash = emailHash;

    public void Restrict(Instant? since) => RestrictTime = since is { } moment ? Moment.Stored(moment) : null;

    /// <summary>Leaves the identifier alone, which evidence and the certificate name.</summary>
    public void Erase(Instant now)
    {
        EmailHash = Email = FirstName = LastName = Function = null;
        Phone = CompanyName = CompanyAddress = WebsiteUrl = Technologies = null;
        EraseTime ??= Moment.Stored(now);
    }

    private byte[]? Seal(string text, string column, DataKey key) =>
        text.Length == 0 ? null : key.EncryptText(text, column, PersonId);

    private string Open(byte[]? value, string column, DataKey key) =>
        value is null ? "" : key.DecryptText(value, column, PersonId);
}

/// <summary>What seals of this table are bound to, beside the person.</summary>
internal static class PersonColumns
{
    public const string Email = "persons.email";
    public const string FirstName = "persons.first_name";
    public const string LastName = "persons.last_name";
    public const string Function = "persons.function";
    public const string Phone = "persons.phone";
    public const string CompanyName = "persons.company_name";
    public const string CompanyAddress = "persons.company_address";
    public const string WebsiteUrl = "persons.website_url";
    public const string Technologies = "persons.technologies";
}
