using Kalisecu.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Kalisecu.Compliance;

/// <summary>
/// Has all clauses checked every hour, by whichever server finds first that it is time. Servers do it themselves: the checks
/// look at their own ports, settings and database role, which no worker has.
/// </summary>
internal sealed class HourlyPosture(
    AllTenants allTenants,
    CheckPosture checkPosture,
    IClock clock,
    ILogger<HourlyPosture> log
) : BackgroundService
{
    // Looking more often than the hour keeps any number of servers from running twice in it.
    private static readonly Duration Every = Duration.FromHours(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);

    private const string Actor = "server:hourly";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunIfDueAsync(stoppingToken);
            }
            catch (Exception exception)
                when (exception is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                ComplianceLog.RunFailed(log, exception);
            }
        }
    }

    /// <summary>Checks when the last run is an hour old; says whether it did.</summary>
    internal async Task<bool> RunIfDueAsync(CancellationToken cancellationToken)
    {
        var last = await allTenants.RunAsync(db => checkPosture.LastAsync(db, cancellationToken), cancellationToken);
        if (last.CheckTime is { } before && clock.GetCurrentInstant() - before < Every)
        {
            return false;
        }

        await allTenants.RunAsync(db => checkPosture.RunAsync(db, Actor, cancellationToken), cancellationToken);
        return true;
    }
}
