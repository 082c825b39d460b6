using System.Diagnostics.CodeAnalysis;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>Drops the months of partitioned tables that are over, and makes those that come.</summary>
internal sealed class SweepMonths(AllTenants allTenants, IClock clock)
{
    // A schedule that was broken for weeks still finds the next month there.
    private const int MonthsAhead = 2;

    /// <summary>Sweeps the months of one rule.</summary>
    /// <returns>How many rows went, and in how many months.</returns>
    public async Task<(long Rows, int Months)> RunAsync(
        Guid sweepId,
        KeepingRule rule,
        CancellationToken cancellationToken
    )
    {
        var months = rule.Months ?? throw new InvalidOperationException($"{rule.Name} says nothing of months.");
        var now = Moment.Stored(clock.GetCurrentInstant());
        var today = now.InUtc().Date;
        var certificate = new SweepCertificate(sweepId, rule, TenantScope.Platform, now);
        for (var ahead = 0; ahead <= MonthsAhead; ahead++)
        {
            await RunAsync(months.Ensure, [Parameter(today.PlusMonths(ahead))], cancellationToken);
        }

        var expired = await allTenants.RunAsync(
            db => ListAsync(db, rule, months.Expired, now, cancellationToken),
            cancellationToken
        );
        foreach (var month in expired)
        {
            await allTenants.RunAsync(
                async db =>
                {
                    // Rather the next sweep than a queue of calls behind a reader that takes its time.
                    await using var patience = SweepCommands.Of(db, "set local lock_timeout = '3s'");
                    await patience.ExecuteNonQueryAsync(cancellationToken);
                    await using var drop = SweepCommands.Of(db, months.Drop);
                    drop.Parameters.AddRange(new NpgsqlParameter[] { Parameter(month.First), Parameter(now) });
                    await drop.ExecuteNonQueryAsync(cancellationToken);
                    await using var certify = SweepCommands.Of(db, SweepSql.Certify);
                    await certificate.MoveAsync(certify, month.Rows, 0, month.Digest, now, cancellationToken);
                    return true;
                },
                cancellationToken
            );
        }

        return (expired.Sum(m => m.Rows), expired.Count);
    }

    private Task<int> RunAsync(string sql, NpgsqlParameter[] values, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                await using var command = SweepCommands.Of(db, sql);
                command.Parameters.AddRange(values);
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken
        );

    private static async Task<List<ExpiredMonth>> ListAsync(
        KalisecuDb db,
        KeepingRule rule,
        string sql,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        // A hold on all of a log is the only one that a month knows: its rows never leave one by one.
        if (await db.Set<LegalHold>().AnyAsync(h => h.ReleaseTime == null && h.Rule == rule.Name, cancellationToken))
        {
            return [];
        }

        await using var command = SweepCommands.Of(db, sql);
        command.Parameters.Add(Parameter(now));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<ExpiredMonth>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(
                new(
                    await reader.GetFieldValueAsync<LocalDate>(0, cancellationToken),
                    reader.GetInt64(1),
                    await reader.GetFieldValueAsync<byte[]>(2, cancellationToken)
                )
            );
        }

        return found;
    }

    private static NpgsqlParameter<T> Parameter<T>(T value) => new() { TypedValue = value };

    private sealed record ExpiredMonth(LocalDate First, long Rows, byte[] Digest);
}
