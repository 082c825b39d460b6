using System.Diagnostics.CodeAnalysis;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>Counts what rules end by a moment, now or later. Changes nothing; it counts restricted rows out, and so sees them.</summary>
internal sealed class PreviewRetention(RestrictedRows rows, KeepingRules rules, SweepSchema schema)
{
    /// <summary>What each rule that can be counted here ends if a sweep ran at <paramref name="moment"/>; nothing left out.</summary>
    public async Task<IReadOnlyList<(KeepingRule Rule, long Count)>> CountAsync(
        Instant moment,
        CancellationToken cancellationToken
    )
    {
        var counted = new List<(KeepingRule, long)>();
        await using var all = await rows.OpenInAllTenantsAsync(cancellationToken);
        foreach (var rule in rules.All.Where(r => !r.IsHiddenFromServers))
        {
            counted.Add((rule, await CountAsync(all, rule, moment, cancellationToken)));
        }

        return counted;
    }

    private async Task<long> CountAsync(
        TenantConnection all,
        KeepingRule rule,
        Instant moment,
        CancellationToken cancellationToken
    ) =>
        rule.Action switch
        {
            KeepingAction.DeleteRows or KeepingAction.ForgetPersons => await AskAsync(
                all,
                SweepSql.Count(rule, await schema.CanBeRestrictedAsync(rule.Table, cancellationToken)),
                rule.Period.EndedBefore(moment),
                cancellationToken
            ),
            KeepingAction.ForgetTenant => await AskAsync(
                all,
                SweepSql.CountTenants(rule),
                rule.Period.EndedBefore(moment),
                cancellationToken
            ),
            KeepingAction.DropMonths => await AskAsync(
                all,
                $"select count(*) from ({rule.Months!.Expired}) due",
                moment,
                cancellationToken
            ),
            // Counted with the clients that they go with.
            KeepingAction.DeleteWithTenant => 0,
            _ => throw new InvalidOperationException($"No action: {rule.Action}"),
        };

    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    private static async Task<long> AskAsync(
        TenantConnection all,
        string sql,
        Instant due,
        CancellationToken cancellationToken
    )
    {
        await using var command = all.Command(sql);
        command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = due });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
