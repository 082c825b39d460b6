namespace Kalisecu.PrivacyRequests;

/// <summary>What can be done with a recorded request, for the service.</summary>
internal sealed record RequestVerbs(CheckIdentity Identity, AnswerPrivacyRequest Answer, RequestPersons Persons);
