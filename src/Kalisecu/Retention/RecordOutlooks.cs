using System.Diagnostics.CodeAnalysis;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>
/// Counts what the next year ends by the rules whose rows servers see only tenant by tenant, and leaves the figures for their
/// previews: so no server has to see those rows.
/// </summary>
internal sealed class RecordOutlooks(RestrictedRows rows, KeepingRules rules, SweepSchema schema, IClock clock)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var all = await rows.OpenInAllTenantsAsync(cancellationToken);
        foreach (var rule in rules.All.Where(r => r.IsHiddenFromServers))
        {
            var now = Moment.Stored(clock.GetCurrentInstant());
            var counts = await CountAsync(all, rule, now, cancellationToken);
            await using var record = all.Command(SweepSql.RecordOutlook);
            record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = rule.Name });
            record.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = now });
            record.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = counts });
            await record.ExecuteNonQueryAsync(cancellationToken);
        }

        await all.CommitAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    private async Task<long[]> CountAsync(
        TenantConnection all,
        KeepingRule rule,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var ends = RetentionOutlook.Days(now).Select(d => rule.Period.EndedBefore(Paris.StartOf(d))).ToArray();
        var canBeRestricted = await schema.CanBeRestrictedAsync(rule.Table, cancellationToken);
        await using var command = all.Command(SweepSql.CountByDay(rule, canBeRestricted));
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = ends[^1] });
        command.Parameters.Add(new NpgsqlParameter<Instant[]> { TypedValue = ends });
        var counts = new long[ends.Length];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[reader.GetInt32(0)] = reader.GetInt64(1);
        }

        for (var day = 1; day < counts.Length; day++)
        {
            counts[day] += counts[day - 1];
        }

        return counts;
    }
}
