using Kalisecu.Compliance;
using Kalisecu.Jobs;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Clause SEC-8: the clock is watched, its alarms go on time, and no breach was notified late.</summary>
internal sealed class BreachClockCheck(AllTenants allTenants) : IClauseCheck
{
    // A tick every minute; the schedule of a worker that died is taken over within this.
    private static readonly Duration Overdue = Duration.FromMinutes(10);

    // A late notification cannot be undone: it is shown for a year, and stays in the register.
    private static readonly Duration Lately = Duration.FromDays(365);

    public string ClauseId => "SEC-8";

    public string Name => "breach-clock";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var breaches = db.Set<Breach>().AsNoTracking().Where(b => !b.Drill);
                var since = now - Overdue;
                var running = await breaches.CountAsync(
                    b => b.Phases.AlarmPhase == AlarmPhase.Initial,
                    cancellationToken
                );
                var waiting = await breaches.CountAsync(b => b.Phases.NextAlarmTime < since, cancellationToken);
                var late = await breaches.CountAsync(
                    b => b.Phases.AlarmPhase == AlarmPhase.Initial && b.Phases.DueTime < now,
                    cancellationToken
                );
                var lately = now - Lately;
                var wasLate = await breaches.CountAsync(
                    b => b.Phases.SubmitTime > b.Phases.DueTime && b.Phases.SubmitTime > lately,
                    cancellationToken
                );
                var job = await db.Set<RegisteredJob>()
                    .AsNoTracking()
                    .SingleOrDefaultAsync(j => j.Job == BreachesModule.AlarmJob, cancellationToken);
                (string, long)[] figures =
                [
                    ("running_clocks", running),
                    ("overdue_alarms", waiting),
                    ("late", late),
                    ("notified_late", wasLate),
                ];
                return late > 0
                        ? ClauseFinding.Broken(
                            $"{late} breaches are past their 72 hours without a notification.",
                            figures
                        )
                    : waiting > 0 ? ClauseFinding.Broken($"{waiting} alarms about breaches are overdue.", figures)
                    : job is null ? ClauseFinding.Unproven("No breach-notification worker has ever run.", figures)
                    : job.IsLate(now)
                        ? ClauseFinding.Broken(
                            $"The clock of breaches is not watched: its job should have ended well by {job.ExpectedTime}.",
                            figures
                        )
                    : wasLate > 0
                        ? ClauseFinding.Broken($"{wasLate} breaches of the last year were notified late.", figures)
                    : ClauseFinding.Holds(
                        $"{running} clocks run, none is past its 72 hours, every alarm went on time.",
                        figures
                    );
            },
            cancellationToken
        );
}
