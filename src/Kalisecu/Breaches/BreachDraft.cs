using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>What may be a breach, known to be valid; what was not given is empty or null.</summary>
internal sealed record BreachDraft(
    string Facts,
    string Circumstances,
    Instant? OccurTime,
    Instant? EndTime,
    Instant DetectTime,
    bool Drill
);

/// <summary>What letters about a breach say beside their fixed parts, valid.</summary>
internal sealed record BreachWording(string SummaryFr, string SummaryEn, string AdviceFr, string AdviceEn);
