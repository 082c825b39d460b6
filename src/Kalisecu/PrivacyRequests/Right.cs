namespace Kalisecu.PrivacyRequests;

/// <summary>The rights of GDPR art. 15 to 21.</summary>
internal enum Right
{
    Access,
    Rectification,
    Erasure,
    Restriction,
    Portability,
    Objection,
}

/// <summary>What came of a right.</summary>
internal enum RightOutcome
{
    Granted,

    /// <summary>What the law demands to keep was kept.</summary>
    PartlyGranted,

    Refused,

    NothingHeld,
}
