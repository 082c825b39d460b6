using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>One clause and what its checks said last.</summary>
internal sealed record ClauseStatus(Clause Clause, ClauseState State, IReadOnlyList<ClauseResult> Results);

/// <summary>Every clause, in the order of the policy, with whether it holds.</summary>
internal sealed record Posture(IReadOnlyList<ClauseStatus> Clauses, Instant? CheckTime)
{
    /// <summary>
    /// Weighs the newest results of the registered checks. A clause without a check, and one whose check said nothing lately, is
    /// unproven; results of checks that are no more count for nothing.
    /// </summary>
    public static Posture Of(
        ClauseCatalogue catalogue,
        IReadOnlyList<IClauseCheck> checks,
        IReadOnlyList<ClauseResult> newest,
        Instant now
    )
    {
        var results = newest.ToDictionary(r => (r.ClauseId, r.CheckName));
        var byClause = checks.ToLookup(c => c.ClauseId, StringComparer.Ordinal);
        var clauses = catalogue.Clauses.Select(clause =>
        {
            var of = byClause[clause.Id].ToList();
            var said = of.Select(c => results.GetValueOrDefault((c.ClauseId, c.Name))).OfType<ClauseResult>().ToList();
            var states = said.Select(r => r.IsTrusted(now) ? r.State : Doubted(r.State)).ToList();
            if (states.Count < of.Count || of.Count == 0)
            {
                states.Add(ClauseState.Unproven);
            }

            return new ClauseStatus(clause, states.Max(), said);
        });
        return new Posture([.. clauses], newest.Count == 0 ? null : newest.Max(r => r.CheckTime));
    }

    public int Count(ClauseState state) => Clauses.Count(c => c.State == state);

    // What was broken is not mended by looking away.
    private static ClauseState Doubted(ClauseState state) =>
        state == ClauseState.Broken ? ClauseState.Broken : ClauseState.Unproven;
}
