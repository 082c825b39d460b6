using Kalisecu.Persistence;

namespace Kalisecu.Consent;

/// <summary>A purpose, or its next version, known to be valid.</summary>
internal sealed record PurposeDraft(
    string Purpose,
    LegalBasis LegalBasis,
    PurposeText French,
    PurposeText English,
    IReadOnlyList<string> DataCategories,
    IReadOnlyList<string> Recipients,
    int ConsentMonths
);
