using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>
/// One look at the running system that says whether a clause holds now. It stands beside the code of the capability that keeps
/// the clause and is registered with <see cref="ComplianceModule.AddClauseCheck{T}"/>; a clause holds only when all its checks
/// say so. Whatever a check cannot see it calls unproven; what it throws is taken for unproven.
/// </summary>
internal interface IClauseCheck
{
    /// <summary>The clause, as the catalogue names it.</summary>
    string ClauseId { get; }

    /// <summary>Short and stable, unique within the clause, such as <c>staff-second-factor</c>.</summary>
    string Name { get; }

    Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken);
}
