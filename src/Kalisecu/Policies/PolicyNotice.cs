using NodaTime;

namespace Kalisecu.Policies;

/// <summary>That a member was written to about a version; the letter says what became of it.</summary>
internal sealed class PolicyNotice
{
    public Guid TenantId { get; init; }

    public int Number { get; init; }

    public Guid MemberId { get; init; }

    public Guid LetterId { get; init; }

    public Instant CreateTime { get; init; }
}
