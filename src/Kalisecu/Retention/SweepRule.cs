using Kalisecu.Jobs;
using Kalisecu.Persistence;

namespace Kalisecu.Retention;

/// <summary>Sweeps one rule in the way in which its rows go, and tells the run how far it is.</summary>
internal sealed class SweepRule(SweepRows rows, SweepPersons persons, SweepTenants tenants, SweepMonths months)
{
    public async Task RunAsync(Guid sweepId, KeepingRule rule, JobRun run, CancellationToken cancellationToken)
    {
        switch (rule.Action)
        {
            case KeepingAction.DeleteRows:
                Count(await rows.RunAsync(sweepId, rule, Report, cancellationToken), "rows");
                break;
            case KeepingAction.ForgetPersons:
                var (forgotten, failed) = await persons.RunAsync(sweepId, rule, Report, cancellationToken);
                Count(forgotten, "persons");
                if (failed > 0)
                {
                    throw new InvalidOperationException($"{failed} persons could not be forgotten.");
                }

                break;
            case KeepingAction.DropMonths:
                var dropped = await months.RunAsync(sweepId, rule, cancellationToken);
                Count(dropped.Rows, "rows");
                Count(dropped.Months, "months");
                break;
            case KeepingAction.ForgetTenant:
                var ended = await tenants.RunAsync(sweepId, run, cancellationToken);
                Count(ended.Rows, "rows");
                Count(ended.Tenants, "tenants");
                break;
            case KeepingAction.DeleteWithTenant:
                // Swept with the tenant itself.
                break;
            default:
                throw new InvalidOperationException($"No action: {rule.Action}");
        }

        void Report(long done) => run.Report(done, null, rule.Name);

        void Count(long count, string name)
        {
            if (count > 0)
            {
                run.Count(name, count);
            }
        }
    }
}
