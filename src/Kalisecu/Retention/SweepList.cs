using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Retention;

/// <summary>Certificates, newest first.</summary>
internal static class SweepList
{
    public static IQueryable<RetentionSweep> Query(KalisecuDb db, string rule, IReadOnlyList<string>? after)
    {
        var sweeps = db.Set<RetentionSweep>().AsNoTracking();
        sweeps = rule.Length > 0 ? sweeps.Where(s => s.Rule == rule) : sweeps;
        if (after is not null)
        {
            var last = ValueTuple.Create(
                Moment.ReadKey(after[0]),
                PageKeys.Id(after[1]),
                after[2],
                PageKeys.Id(after[3])
            );
            sweeps = sweeps.Where(s =>
                EF.Functions.LessThan(ValueTuple.Create(s.StartTime, s.SweepId, s.Rule, s.OfTenantId), last)
            );
        }

        return sweeps
            .OrderByDescending(s => s.StartTime)
            .ThenByDescending(s => s.SweepId)
            .ThenByDescending(s => s.Rule)
            .ThenByDescending(s => s.OfTenantId);
    }

    public static string[] Keys(RetentionSweep sweep) =>
        [Moment.Key(sweep.StartTime), sweep.SweepId.ToString("D"), sweep.Rule, sweep.OfTenantId.ToString("D")];
}
