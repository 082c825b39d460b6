using System.Text.Json;
using NodaTime;

namespace Kalisecu.Scans;

/// <summary>A scan that somebody wants.</summary>
internal sealed record ScanDraft(
    Guid SiteId,
    string Tool,
    IReadOnlyDictionary<string, string> Options,
    Instant? DueTime,
    bool AgentInitiated
);

/// <summary>Options of a tool as the database keeps them.</summary>
internal static class ScanToolOptions
{
    public static string Write(IReadOnlyDictionary<string, string> options) => JsonSerializer.Serialize(options);

    public static IReadOnlyDictionary<string, string> Read(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    public static bool AreEqual(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count
        && one.All(o =>
            other.TryGetValue(o.Key, out var value) && string.Equals(value, o.Value, StringComparison.Ordinal)
        );
}
