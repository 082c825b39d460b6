using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>What somebody says about a purpose, known to be valid in itself.</summary>
/// <param name="Said">Given, refused, withdrawn, objected or resumed; expired is the platform's own word.</param>
/// <param name="TextVersion">The version of the text; null for the one that was agreed to, or the one shown then.</param>
/// <param name="Language">The language of the text; null for that of the word before, or French.</param>
/// <param name="EventTime">When it was said; null for now.</param>
internal sealed record ConsentWord(
    Guid PersonId,
    string Purpose,
    ConsentEventKind Said,
    ConsentChannel Channel,
    int? TextVersion = null,
    Language? Language = null,
    Instant? EventTime = null
);
