using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Breaches;

/// <summary>
/// The clock of breaches: alarms at their hours, to more people when nobody acknowledges them. A tick reads what is due and
/// nothing else; a breach is claimed by one worker, and alarm, letters and the next alarm are one transaction: none is lost
/// when a worker dies, none goes twice.
/// </summary>
internal sealed class AlarmAboutBreaches(
    AllTenants allTenants,
    BreachLetters letters,
    BreachRecords records,
    BreachOptions options,
    IClock clock,
    ILogger<AlarmAboutBreaches> log
) : IWorkerJob
{
    // One transaction holds the chain of evidence so long.
    private const int Batch = 50;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        run.Count("letters", await TickAsync(run.Actor, cancellationToken));
        return JobOutcome.Done;
    }

    /// <summary>One tick of the clock.</summary>
    /// <returns>How many letters were written.</returns>
    public Task<int> TickAsync(string actor, CancellationToken cancellationToken) =>
        ClaimedBatches.RunAsync(
            Batch,
            () => allTenants.RunAsync(db => TickAsync(db, actor, cancellationToken), cancellationToken)
        );

    private async Task<(int Claimed, int Posted)> TickAsync(
        KalisecuDb db,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var ids = await db.Database.SqlQueryRaw<Guid>(BreachSql.ClaimAlarms, now, Batch).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return (0, 0);
        }

        var due = await db.Set<Breach>()
            .Where(b => b.TenantId == TenantScope.Platform && ids.Contains(b.BreachId))
            .OrderBy(b => b.Phases.NextAlarmTime)
            .ToListAsync(cancellationToken);
        var posted = 0;
        foreach (var breach in due)
        {
            // First what was not acknowledged so far: a new alarm starts its own wait.
            posted += await EscalateAsync(db, breach, actor, now, cancellationToken);
            posted += await AlarmAsync(db, breach, actor, now, cancellationToken);
        }

        return (due.Count, posted);
    }

    private async Task<int> AlarmAsync(
        KalisecuDb db,
        Breach breach,
        string actor,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var posted = 0;
        foreach (var alarm in breach.TakeAlarms(options.EscalateAfter, now))
        {
            db.Add(alarm);
            posted += await letters.AlarmAsync(db, breach, alarm, cancellationToken);
            var due = InstantPattern.ExtendedIso.Format(breach.Phases.DueTime!.Value);
            BreachLog.Alarmed(log, breach.BreachId, alarm.Hours, due);
            await RecordAsync(db, breach, alarm, "alarmed", actor, cancellationToken);
        }

        return posted;
    }

    private async Task<int> EscalateAsync(
        KalisecuDb db,
        Breach breach,
        string actor,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        if (!breach.TakeEscalation(now))
        {
            return 0;
        }

        var alarms = await BreachRecords.AlarmsAsync(db, breach.BreachId, cancellationToken);
        var open = alarms.FindAll(a => a.AcknowledgeTime is null);
        if (open is not [.., var newest])
        {
            return 0;
        }

        open.ForEach(a => a.Escalate(now));
        var posted = await letters.EscalateAsync(db, breach, newest, cancellationToken);
        BreachLog.Escalated(log, breach.BreachId);
        await RecordAsync(db, breach, newest, "escalated", actor, cancellationToken);
        return posted;
    }

    private Task RecordAsync(
        KalisecuDb db,
        Breach breach,
        BreachAlarm alarm,
        string step,
        string actor,
        CancellationToken cancellationToken
    ) =>
        records.RecordAsync(
            db,
            breach,
            step,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["hours"] = alarm.Hours,
                ["phase"] = alarm.Phase.ToString(),
                ["due_time"] = InstantPattern.ExtendedIso.Format(breach.Phases.DueTime!.Value),
            },
            cancellationToken
        );
}
