namespace Kalisecu.Agent.Reading;

/// <summary>Rises with weight, so that severities can be compared.</summary>
internal enum Severity
{
    Info = 0,
    Low = 1,
    Medium = 2,
    High = 3,
    Critical = 4,
}

internal static class SeverityNames
{
    /// <summary>The names that Nuclei and testssl share; null when it is none of them.</summary>
    public static Severity? Read(string? name) =>
        name?.ToUpperInvariant() switch
        {
            "CRITICAL" => Severity.Critical,
            "HIGH" => Severity.High,
            "MEDIUM" => Severity.Medium,
            "LOW" => Severity.Low,
            "INFO" => Severity.Info,
            _ => null,
        };
}
