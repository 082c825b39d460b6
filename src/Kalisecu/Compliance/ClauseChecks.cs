using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>All checks that the capabilities of this process registered.</summary>
internal sealed class ClauseChecks
{
    // A check reads samples and catalogues; one that takes longer hangs.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly ILogger<ClauseChecks> _log;

    public ClauseChecks(IEnumerable<IClauseCheck> checks, ClauseCatalogue catalogue, ILogger<ClauseChecks> log)
    {
        _log = log;
        All = [.. checks.OrderBy(c => c.ClauseId, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)];
        if (All.FirstOrDefault(c => catalogue.Find(c.ClauseId) is null) is { } lost)
        {
            throw new InvalidOperationException($"The check {lost.Name} is of {lost.ClauseId}, which is no clause.");
        }

        if (All.GroupBy(c => (c.ClauseId, c.Name)).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"{twice.Key.ClauseId} has two checks named {twice.Key.Name}.");
        }
    }

    public IReadOnlyList<IClauseCheck> All { get; }

    /// <summary>Asks one check. One that fails has proven nothing.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "One check that fails must not hide what the others see")]
    public async Task<ClauseFinding> AskAsync(IClauseCheck check, Instant now, CancellationToken cancellationToken)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        within.CancelAfter(AnswerWithin);
        try
        {
            return await check.CheckAsync(now, within.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ComplianceLog.CheckFailed(_log, exception, check.ClauseId, check.Name);
            return ClauseFinding.Unproven(
                within.IsCancellationRequested
                    ? $"The check did not answer within {AnswerWithin.TotalSeconds:0} seconds."
                    : $"The check itself failed ({exception.GetType().Name}); the log says more."
            );
        }
    }
}
