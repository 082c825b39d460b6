using Grpc.Core;
using Kalisecu.Errors;

namespace Kalisecu.Persons;

internal static class PersonErrors
{
    public static Refusal NotProspect(RegisteredPerson person) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.PersonNotProspect,
            "Contacts count for prospects alone: the data of others is kept for other reasons.",
            Metadata(person)
        );

    public static Refusal KeptElsewhere(RegisteredPerson person) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.PersonKeptElsewhere,
            "Members and staff are changed where they are managed.",
            Metadata(person)
        );

    public static Refusal Erased(RegisteredPerson person) =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.PersonErased,
            "The person was erased.",
            Metadata(person)
        );

    public static Refusal UnderRestriction() =>
        new(
            StatusCode.FailedPrecondition,
            Errors.V1.ErrorReason.PersonUnderRestriction,
            "The processing of the person with this address is restricted: nobody is registered under it until that is lifted."
        );

    private static Dictionary<string, string> Metadata(RegisteredPerson person) =>
        new(StringComparer.Ordinal) { ["person_id"] = person.PersonId.ToString("D") };
}
