using Kalisecu.Persons;

namespace Kalisecu.Rights;

/// <summary>For whom a right is carried out, in answer to which request, and who does it.</summary>
internal sealed record RightsCase(Guid PrivacyRequestId, PersonRef Person, string Actor);
