using NodaTime;

namespace Kalisecu.Time;

/// <summary>How long an answer to a privacy request may take, under one version of the law.</summary>
/// <param name="Since">The first day on which a request that reached us falls under it.</param>
internal sealed record ResponseRule(string Version, LocalDate Since, Period Base, Period Extended)
{
    /// <summary>All versions, oldest first; a change of the law adds one and leaves the others.</summary>
    public static IReadOnlyList<ResponseRule> All { get; } =
    [
        // GDPR art. 12(3): one month, extended by two further months; in force since 25 May 2018 (art. 99(2)).
        new("gdpr-12-3/1", new LocalDate(2018, 5, 25), Period.FromMonths(1), Period.FromMonths(3)),
    ];

    public static ResponseRule For(LocalDate received) =>
        All.LastOrDefault(rule => rule.Since <= received)
        ?? throw new ArgumentOutOfRangeException(nameof(received), received, "Before the first rule.");
}
