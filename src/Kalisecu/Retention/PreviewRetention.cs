using System.Diagnostics.CodeAnalysis;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>
/// Counts what rules end by a moment, now or later. Changes nothing; it counts restricted rows out, and so sees them. Where
/// servers do not see the rows of all tenants, it answers what the last sweep counted.
/// </summary>
internal sealed class PreviewRetention(RestrictedRows rows, KeepingRules rules, SweepSchema schema)
{
    /// <summary>What each rule ends if a sweep ran at <paramref name="moment"/>; nothing left out.</summary>
    public async Task<IReadOnlyList<RuleOutlook>> CountAsync(Instant moment, CancellationToken cancellationToken)
    {
        var recorded = await rows.InAllTenantsAsync(
            db =>
                db.Set<RetentionOutlook>()
                    .AsNoTracking()
                    .ToDictionaryAsync(o => o.Rule, StringComparer.Ordinal, cancellationToken),
            cancellationToken
        );
        var counted = new List<RuleOutlook>();
        await using var all = await rows.OpenInAllTenantsAsync(cancellationToken);
        foreach (var rule in rules.All)
        {
            if (rule.IsHiddenFromServers)
            {
                var outlook = recorded.GetValueOrDefault(rule.Name);
                counted.Add(new RuleOutlook(rule, outlook?.DueAt(moment), outlook?.CountTime));
                continue;
            }

            counted.Add(new RuleOutlook(rule, await CountAsync(all, rule, moment, cancellationToken), CountTime: null));
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

/// <summary>What one rule ends by some moment.</summary>
/// <param name="Count">Null: only the worker may count, and it has not yet.</param>
/// <param name="CountTime">When the worker counted. Null: just now.</param>
internal sealed record RuleOutlook(KeepingRule Rule, long? Count, Instant? CountTime);
