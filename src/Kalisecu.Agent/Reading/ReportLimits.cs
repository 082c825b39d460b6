namespace Kalisecu.Agent.Reading;

/// <summary>How much of a report is held at once. A report over a limit is refused or shortened, never followed.</summary>
internal static class ReportLimits
{
    /// <summary>
    /// One record, line or XML node. Real ones with a full response stay under 2 MiB; the rest is room. It bounds the
    /// memory that a hostile single-line file can claim.
    /// </summary>
    public const int RecordBytes = 8 * 1024 * 1024;

    /// <summary>SARIF code flows, the deepest honest structure known, reach about 20.</summary>
    public const int Depth = 64;

    /// <summary>Rules of a SARIF run and findings of a report: CodeQL with all its packs has about 5,000.</summary>
    public const int Findings = 100_000;

    /// <summary>Visited resources that are told apart; beyond, a scan's coverage is unknown and closes nothing.</summary>
    public const int Visits = 200_000;

    /// <summary>Raw traffic of one occurrence: headers and the beginning of a body are what a reader looks at.</summary>
    public const int ExchangeBytes = 64 * 1024;

    /// <summary>A title, a rule id, a tool's name: shown in one line.</summary>
    public const int NameLength = 256;

    /// <summary>A description, a recommendation or a detail: some pages.</summary>
    public const int TextLength = 16 * 1024;

    /// <summary>A canonical place; URLs beyond 2,000 characters do not work in practice.</summary>
    public const int PlaceLength = 2048;

    /// <summary>References and CWE numbers of one finding.</summary>
    public const int ListLength = 64;

    /// <summary>How much of a file is looked at to tell its format.</summary>
    public const int HeadBytes = 64 * 1024;
}
