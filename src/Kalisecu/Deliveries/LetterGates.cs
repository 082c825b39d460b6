using Kalisecu.Outbox;

namespace Kalisecu.Deliveries;

/// <summary>Asks whether a marketing letter may go (GDPR art. 21(3): never to somebody who objected). Where nobody can say, it may not.</summary>
internal sealed class LetterGates(IEnumerable<ILetterGate> gates)
{
    private readonly List<ILetterGate> _gates = [.. gates];

    /// <summary>Why it must not go; null when it may.</summary>
    public async Task<string?> ForbiddenAsync(ClaimedLetter letter, CancellationToken cancellationToken)
    {
        if (letter.Nature is not LetterNature.Marketing)
        {
            return null;
        }

        if (letter.Person is not { } person)
        {
            return "person_unknown";
        }

        if (_gates.Count == 0)
        {
            return "consent_unknown";
        }

        foreach (var gate in _gates)
        {
            if (await gate.ForbiddenAsync(person.TenantId, person.PersonId, cancellationToken) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }
}
