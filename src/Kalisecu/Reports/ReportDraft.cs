using NodaTime;

namespace Kalisecu.Reports;

/// <summary>What an analyst asks to compose, known to be valid. Without a language: the tenant's; without a moment: now.</summary>
internal sealed record ReportDraft(
    Guid SiteId,
    string Title,
    ReportLanguage? Language,
    string Summary,
    Instant? MomentTime
);
