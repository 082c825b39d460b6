using Kalisecu.Errors;

namespace Kalisecu.Compliance;

internal static class ComplianceProto
{
    public static V1.Clause Write(Clause clause, string version) =>
        new()
        {
            ClauseId = clause.Id,
            Version = version,
            TextFr = clause.Text.Fr,
            TextEn = clause.Text.En,
            KeptBy = { clause.KeptBy },
        };

    public static V1.Posture Write(Posture posture, string version)
    {
        var written = new V1.Posture
        {
            Clauses =
            {
                posture.Clauses.Select(c => new V1.ClauseStatus
                {
                    Clause = Write(c.Clause, version),
                    State = Write(c.State),
                    Results = { c.Results.Select(Write) },
                }),
            },
            HoldsCount = (uint)posture.Count(ClauseState.Holds),
            UnprovenCount = (uint)posture.Count(ClauseState.Unproven),
            BrokenCount = (uint)posture.Count(ClauseState.Broken),
        };
        if (posture.CheckTime is { } checkTime)
        {
            written.CheckTime = Fields.Write(checkTime);
        }

        return written;
    }

    public static V1.ClauseResult Write(ClauseResult result) =>
        new()
        {
            ClauseId = result.ClauseId,
            Check = result.CheckName,
            State = Write(result.State),
            Evidence = result.Evidence,
            Figures = { result.ReadFigures().ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal) },
            StartTime = Fields.Write(result.StartTime),
            CheckTime = Fields.Write(result.CheckTime),
        };

    public static IReadOnlyList<ClauseState> ReadStates(IEnumerable<V1.ClauseState> states, Violations violations) =>
        [
            .. states.Select(state =>
                state switch
                {
                    V1.ClauseState.Holds => ClauseState.Holds,
                    V1.ClauseState.Unproven => ClauseState.Unproven,
                    V1.ClauseState.Broken => ClauseState.Broken,
                    _ => Bad(violations),
                }
            ),
        ];

    private static V1.ClauseState Write(ClauseState state) =>
        state switch
        {
            ClauseState.Holds => V1.ClauseState.Holds,
            ClauseState.Unproven => V1.ClauseState.Unproven,
            ClauseState.Broken => V1.ClauseState.Broken,
            _ => throw new InvalidOperationException($"No state of a clause: {state}"),
        };

    private static ClauseState Bad(Violations violations)
    {
        violations.Add("states", "must be one of the named values");
        return ClauseState.Unproven;
    }
}
