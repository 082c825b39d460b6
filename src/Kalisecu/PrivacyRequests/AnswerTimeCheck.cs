using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>Clause RIGHT-7: no open request is past the day of the law, and none was answered late lately.</summary>
internal sealed class AnswerTimeCheck(AllTenants allTenants) : IClauseCheck
{
    // A late answer cannot be undone: it is shown for a month, and stays in the request's own record.
    private static readonly Duration Lately = Duration.FromDays(30);

    public string ClauseId => "RIGHT-7";

    public string Name => "answers-in-time";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var requests = db.Set<PrivacyRequest>().AsNoTracking();
                var open = await requests.Where(r => r.CloseTime == null).ToListAsync(cancellationToken);
                var overdue = open.Count(r => r.IsOverdueOn(Paris.DateOf(now)));
                var since = now - Lately;
                var late = await requests.CountAsync(r => r.AnsweredLate && r.CloseTime >= since, cancellationToken);
                (string, long)[] figures = [("open", open.Count), ("overdue", overdue), ("answered_late", late)];
                return overdue > 0
                        ? ClauseFinding.Broken($"{overdue} of {open.Count} open requests are overdue.", figures)
                    : late > 0
                        ? ClauseFinding.Broken($"{late} requests were answered late in the last 30 days.", figures)
                    : ClauseFinding.Holds(
                        $"None of {open.Count} open requests is past its day, and none was answered late in the last 30 days.",
                        figures
                    );
            },
            cancellationToken
        );
}
