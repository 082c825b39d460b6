using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>
/// Who signed a permission, sealed with the tenant's key. A row of its own: it is hidden or forgotten with the person, and the
/// permission stays what it is.
/// </summary>
internal sealed class AuthorisationSigner
{
    private AuthorisationSigner() { }

    public Guid TenantId { get; private init; }

    public Guid AuthorisationId { get; private init; }

    /// <summary>The signer as a person: the member with this address, or a contact.</summary>
    public Guid PersonId { get; private init; }

    public byte[] Name { get; private set; } = [];

    public byte[] Email { get; private set; } = [];

    public byte[] Function { get; private set; } = [];

    public Instant CreateTime { get; private init; }

    public static AuthorisationSigner Create(
        Guid tenantId,
        Guid authorisationId,
        Guid personId,
        AuthorisationDraft draft,
        Sealing seal,
        Instant now
    ) =>
        new()
        {
            TenantId = tenantId,
            AuthorisationId = authorisationId,
            PersonId = personId,
            Name = seal(draft.SignerName, "signer_name", authorisationId),
            Email = seal(draft.SignerEmail, "signer_email", authorisationId),
            Function = seal(draft.SignerFunction, "signer_function", authorisationId),
            CreateTime = Moment.Stored(now),
        };

    /// <summary>Corrects what the record says of the signer; the signed document stays as it was signed.</summary>
    public void Correct(string? name, string? email, string? function, Sealing seal)
    {
        Name = name is null ? Name : seal(name, "signer_name", AuthorisationId);
        Email = email is null ? Email : seal(email, "signer_email", AuthorisationId);
        Function = function is null ? Function : seal(function, "signer_function", AuthorisationId);
    }
}
