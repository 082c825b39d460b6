using Kalisecu.Outbox;

namespace Kalisecu.Persons;

/// <summary>
/// All that may be known of a prospect or contact, valid; clause DATA-2 names no more. What was not given is empty.
/// </summary>
/// <param name="LastName">A name that comes whole stands here: nobody guesses where it parts.</param>
internal sealed record PersonDetails(string Email, string FirstName, string LastName, Language Language)
{
    public string Function { get; init; } = "";

    public string Phone { get; init; } = "";

    public string CompanyName { get; init; } = "";

    public string CompanyAddress { get; init; } = "";

    public string WebsiteUrl { get; init; } = "";

    public IReadOnlyList<string> Technologies { get; init; } = [];

    /// <summary>The same with some fields corrected.</summary>
    public PersonDetails With(IReadOnlyDictionary<PersonField, string> values) =>
        this with
        {
            Email = values.GetValueOrDefault(PersonField.Email, Email),
            FirstName = values.GetValueOrDefault(PersonField.FirstName, FirstName),
            LastName = values.GetValueOrDefault(PersonField.LastName, LastName),
            Function = values.GetValueOrDefault(PersonField.Function, Function),
            Phone = values.GetValueOrDefault(PersonField.Phone, Phone),
        };
}
