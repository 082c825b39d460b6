using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.Persons;

/// <summary>Where the names of one kind of person stand when it is not here: members in Tenants, staff in Accounts.</summary>
internal interface IPersonIdentities
{
    PersonKind Kind { get; }

    /// <summary>null when the transaction does not see the person there.</summary>
    Task<PersonIdentity?> FindAsync(KalisecuDb db, RegisteredPerson person, CancellationToken cancellationToken);
}

/// <summary>Whom a letter greets, where it goes, and in which language.</summary>
/// <param name="FirstName">Empty where a name came whole; it is then the last name.</param>
internal sealed record PersonIdentity(string FirstName, string LastName, string Email, Language Language)
{
    public string Name => FirstName.Length == 0 ? LastName : $"{FirstName} {LastName}";
}
