namespace Kalisecu.Findings;

/// <summary>How bad a finding is; the numbers rise with weight and are those of the wire.</summary>
internal enum Severity
{
    Info = 1,
    Low = 2,
    Medium = 3,
    High = 4,
    Critical = 5,
}
