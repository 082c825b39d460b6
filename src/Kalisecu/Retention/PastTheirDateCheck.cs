using Kalisecu.Compliance;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Retention;

/// <summary>
/// Nothing is kept past its date: every rule of a clause is counted as if the sweep had run a day ago, by the last sweep where
/// servers do not see the rows. Held and restricted rows are not counted, they are kept for a reason. One for each clause of
/// retention.
/// </summary>
internal abstract class PastTheirDateCheck(PreviewRetention preview, KeepingRules rules) : IClauseCheck
{
    // Deletion follows within 24 hours of the end of a period.
    private static readonly Duration DeletedWithin = Duration.FromHours(24);

    public abstract string ClauseId { get; }

    public string Name => "past-their-date";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var counted = await preview.CountAsync(now - DeletedWithin, cancellationToken);
        var late = counted
            .Where(c => string.Equals(c.Rule.Clause, ClauseId, StringComparison.Ordinal) && c.Count > 0)
            .ToList();
        var ruled = rules.All.Count(r => string.Equals(r.Clause, ClauseId, StringComparison.Ordinal));
        var past = late.Sum(l => l.Count ?? 0);
        (string, long)[] figures = [("rules", ruled), ("past_their_date", past)];
        return late.Count > 0
            ? ClauseFinding.Broken(
                $"{past} rows are kept past their date by the rules {string.Join(", ", late.Select(l => l.Rule.Name))}.",
                figures
            )
            : ClauseFinding.Holds(
                $"None of the {ruled} rules of this clause has left anything past its date.",
                figures
            );
    }
}

internal sealed class ProspectDateCheck(PreviewRetention preview, KeepingRules rules)
    : PastTheirDateCheck(preview, rules)
{
    public override string ClauseId => "RET-1";
}

internal sealed class ClientDateCheck(PreviewRetention preview, KeepingRules rules) : PastTheirDateCheck(preview, rules)
{
    public override string ClauseId => "RET-2";
}

internal sealed class TechnicalDateCheck(PreviewRetention preview, KeepingRules rules)
    : PastTheirDateCheck(preview, rules)
{
    public override string ClauseId => "RET-3";
}

internal sealed class LogDateCheck(PreviewRetention preview, KeepingRules rules) : PastTheirDateCheck(preview, rules)
{
    public override string ClauseId => "RET-5";
}
