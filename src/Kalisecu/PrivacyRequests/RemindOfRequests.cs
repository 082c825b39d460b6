using Kalisecu.Jobs;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.PrivacyRequests;

/// <summary>
/// Reminds the data-protection officer of requests before each of their dates, and raises the alarm once one has passed. A
/// tick reads the alarms that are due and nothing else; each is claimed by one worker, and its letter is written once.
/// </summary>
internal sealed class RemindOfRequests(
    AllTenants allTenants,
    RequestLetters letters,
    RequestRecords requests,
    IClock clock,
    ILogger<RemindOfRequests> log
) : IWorkerJob
{
    // One transaction holds the chain of evidence so long; a thousand alarms at once take ten.
    private const int Batch = 100;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        run.Count("alarms", await RemindAsync(run.Actor, cancellationToken));
        return JobOutcome.Done;
    }

    /// <summary>One tick of the clock.</summary>
    /// <returns>How many alarms went out.</returns>
    public async Task<int> RemindAsync(string actor, CancellationToken cancellationToken)
    {
        // First, as it moves the dates that alarms go by.
        await ClaimedBatches.RunAsync(
            Batch,
            () => allTenants.RunAsync(db => NotifiedAsync(db, actor, cancellationToken), cancellationToken)
        );
        var count = await ClaimedBatches.RunAsync(Batch, () => RemindBatchAsync(actor, cancellationToken));
        if (count > 0)
        {
            PrivacyRequestLog.Reminded(log, count);
        }

        return count;
    }

    private async Task<(int Claimed, int Done)> RemindBatchAsync(string actor, CancellationToken cancellationToken)
    {
        var overdue = new List<RequestAlarmed>();
        var claimed = await allTenants.RunAsync(
            db => RemindAsync(db, actor, overdue, cancellationToken),
            cancellationToken
        );
        // Said only of what was committed.
        overdue.ForEach(o => PrivacyRequestLog.Overdue(log, o.PrivacyRequestId, o.DueDate));
        return (claimed, claimed);
    }

    /// <summary>An extension counts once the person was told: when its letter was sent, not when it was written.</summary>
    private async Task<(int Claimed, int Done)> NotifiedAsync(
        KalisecuDb db,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var ids = await db
            .Database.SqlQueryRaw<Guid>(PrivacyRequestSql.ClaimNotified, Batch)
            .ToListAsync(cancellationToken);
        var notified = await db.Set<PrivacyRequest>()
            .Where(r => r.TenantId == TenantScope.Platform && ids.Contains(r.PrivacyRequestId))
            .ToListAsync(cancellationToken);
        foreach (var request in notified)
        {
            var sent = await db.Set<Letter>()
                .Where(l => l.TenantId == request.TenantId && l.CauseId == request.PrivacyRequestId)
                .Where(l => l.Kind == "privacy_request.extension")
                .MinAsync(l => l.SendTime, cancellationToken);
            var counts = request.NotifyExtension(sent!.Value, clock.GetCurrentInstant());
            await db.SaveChangesAsync(cancellationToken);
            await requests.RecordAsync(
                db,
                request,
                counts ? "extension_notified" : "extension_late",
                actor,
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["due_date"] = LocalDatePattern.Iso.Format(request.DueDate),
                },
                cancellationToken
            );
        }

        return (ids.Count, notified.Count);
    }

    private async Task<int> RemindAsync(
        KalisecuDb db,
        string actor,
        List<RequestAlarmed> overdue,
        CancellationToken cancellationToken
    )
    {
        // The transaction may run again from its start.
        overdue.Clear();
        var now = clock.GetCurrentInstant();
        var ids = await db
            .Database.SqlQueryRaw<Guid>(PrivacyRequestSql.ClaimAlarms, now, Batch)
            .ToListAsync(cancellationToken);
        var due = await db.Set<PrivacyRequest>()
            .Where(r => r.TenantId == TenantScope.Platform && ids.Contains(r.PrivacyRequestId))
            .OrderBy(r => r.NextAlarmTime)
            .ToListAsync(cancellationToken);
        foreach (var request in due)
        {
            if (request.Alarm(now) is not { } alarm)
            {
                continue;
            }

            await db.SaveChangesAsync(cancellationToken);
            await letters.RemindAsync(db, request, alarm, request.MayExtendAt(now), cancellationToken);
            var date = LocalDatePattern.Iso.Format(alarm.DueDate);
            if (alarm.IsOverdue)
            {
                overdue.Add(new RequestAlarmed(request.PrivacyRequestId, date));
            }

            await requests.RecordAsync(
                db,
                request,
                alarm.IsOverdue ? "overdue" : "reminded",
                actor,
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["due_date"] = date },
                cancellationToken
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        return due.Count;
    }

    private sealed record RequestAlarmed(Guid PrivacyRequestId, string DueDate);
}
