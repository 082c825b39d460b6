using Kalisecu.Compliance;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Policies;

/// <summary>Clause POL-2: whoever had to be told of a substantial change was written to, and the letters have left.</summary>
internal sealed class PolicyNoticeCheck(AllTenants allTenants) : IClauseCheck
{
    // Our own margin: a mail server that is away is back by then, and somebody was called if it is not.
    private static readonly Duration SentWithin = Duration.FromHours(24);

    // Afterwards a record may have left with the client that it was about.
    private static readonly Duration KeptAtLeast = Duration.FromDays(30);

    public string ClauseId => "POL-2";

    public string Name => "change-letters";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(db => LookAsync(db, now, cancellationToken), cancellationToken);

    private static async Task<ClauseFinding> LookAsync(KalisecuDb db, Instant now, CancellationToken cancellationToken)
    {
        var changes = await PolicyVersions
            .Published(db)
            .Where(v => v.Substantial)
            .Select(v => new
            {
                v.Number,
                v.RecipientCount,
                v.PublishTime,
            })
            .ToListAsync(cancellationToken);
        if (changes.Count == 0)
        {
            return ClauseFinding.Holds("No substantial change was published: nobody has to be told.", ("changes", 0));
        }

        var noted = await db.Set<PolicyNotice>()
            .GroupBy(n => n.Number)
            .Select(g => new { Number = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Number, g => g.Count, cancellationToken);
        var lacking = changes.Find(c =>
            c.PublishTime >= now - KeptAtLeast && noted.GetValueOrDefault(c.Number) < c.RecipientCount
        );
        if (lacking is not null)
        {
            return ClauseFinding.Broken(
                $"Of the letters about version {lacking.Number}, {lacking.RecipientCount - noted.GetValueOrDefault(lacking.Number)} "
                    + "are on no record."
            );
        }

        var late = now - SentWithin;
        var letters = await (
            from n in db.Set<PolicyNotice>()
            join l in db.Set<Letter>() on new { n.TenantId, n.LetterId } equals new { l.TenantId, l.LetterId }
            group l by l.State into g
            select new
            {
                g.Key,
                Count = g.Count(),
                Late = g.Count(l => l.CreateTime <= late),
            }
        ).ToListAsync(cancellationToken);
        return Judge(
            changes.Count,
            letters.Where(l => l.Key == LetterState.Sent).Sum(l => l.Count),
            letters.Where(l => l.Key == LetterState.Queued).Sum(l => l.Count),
            letters.Where(l => l.Key == LetterState.Queued).Sum(l => l.Late),
            letters.Where(l => l.Key is LetterState.Bounced or LetterState.Dead).Sum(l => l.Count)
        );
    }

    private static ClauseFinding Judge(int changes, int sent, int queued, int late, int failed)
    {
        (string, long)[] figures =
        [
            ("changes", changes),
            ("sent", sent),
            ("queued", queued),
            ("queued_late", late),
            ("failed", failed),
        ];
        return (late, failed, queued) switch
        {
            (> 0, _, _) => ClauseFinding.Broken(
                $"{late} letters about changes of the policy wait for more than a day.",
                figures
            ),
            (_, > 0, _) => ClauseFinding.Broken(
                $"{failed} letters about changes of the policy came back or were given up.",
                figures
            ),
            (_, _, > 0) => ClauseFinding.Unproven(
                $"{queued} letters about a change of the policy are on their way.",
                figures
            ),
            _ => ClauseFinding.Holds($"All {sent} letters about {changes} substantial changes were sent.", figures),
        };
    }
}
