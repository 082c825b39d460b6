using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Outbox;

internal static class LetterErrors
{
    public static Refusal NotDead(Letter letter) =>
        Of(
            letter,
            Errors.V1.ErrorReason.LetterNotDead,
            "The letter is not dead: what waits is tried again by itself, and what was sent or suppressed stays so."
        );

    public static Refusal NotSent(Letter letter) =>
        Of(letter, Errors.V1.ErrorReason.LetterNotSent, "The letter was not sent, so it cannot have come back.");

    private static Refusal Of(Letter letter, Errors.V1.ErrorReason reason, string message) =>
        new(
            StatusCode.FailedPrecondition,
            reason,
            message,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["letter_id"] = letter.LetterId.ToString("D"),
                ["state"] = letter.State.ToString(),
            }
        );
}
