using NodaTime;

namespace Kalisecu.Retention;

/// <summary>The certificate of what one sweep deleted by one rule.</summary>
internal sealed class RetentionSweep
{
    private RetentionSweep() { }

    public Guid SweepId { get; private init; }

    public string Rule { get; private init; } = "";

    /// <summary>The client whose data ended; the platform's identifier for rules that follow no client.</summary>
    public Guid OfTenantId { get; private init; }

    public int RuleVersion { get; private init; }

    /// <summary>The version of the period.</summary>
    public string Period { get; private init; } = "";

    public string Clause { get; private init; } = "";

    /// <summary>What began to end before this moment was due.</summary>
    public Instant EndedBefore { get; private init; }

    public long RowCount { get; private init; }

    public long ObjectCount { get; private init; }

    /// <summary>The first batch's digest of identifiers, then SHA-256 of what it was and the next batch's.</summary>
    public byte[] Digest { get; private init; } = [];

    public Instant StartTime { get; private init; }

    public Instant UpdateTime { get; private init; }

    public Instant? EndTime { get; private set; }

    public void End(Instant now) => EndTime = now;
}
