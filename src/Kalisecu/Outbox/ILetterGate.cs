namespace Kalisecu.Outbox;

/// <summary>
/// Says no to letters that a person does not want; implemented by the capability that knows what persons said. Asked for
/// marketing letters alone, just before each is sent.
/// </summary>
internal interface ILetterGate
{
    /// <summary>Why the letter must not go, such as <c>person_objected</c>; null when it may.</summary>
    /// <param name="tenantId">The person's tenant, or the platform.</param>
    /// <param name="personId">Whom the letter goes to.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    Task<string?> ForbiddenAsync(Guid tenantId, Guid personId, CancellationToken cancellationToken);
}
