using System.Text;
using NodaTime;
using Npgsql;

namespace Kalisecu.Findings;

/// <summary>
/// A list as one statement. Only the conditions that are asked for stand in it: "or the parameter is null" would cost the
/// planner its indexes. All pieces are constants; values travel as parameters.
/// </summary>
internal sealed class FindingQuery
{
    private readonly StringBuilder _sql = new(FindingSql.Many);
    private readonly List<NpgsqlParameter> _parameters = [];

    private FindingQuery(Guid tenantId) => Parameter(tenantId);

    public static NpgsqlCommand For(
        Guid tenantId,
        FindingFilter filter,
        FindingPosition? after,
        int limit,
        Instant now,
        NpgsqlConnection connection
    )
    {
        var query = new FindingQuery(tenantId);
        query.AddFilter(filter);
        query.AddDismissed(filter.Dismissed, now);
        if (after is not null)
        {
            query.AddAfter(filter.Order, after);
        }

        query._sql.Append(Sorting(filter.Order)).Append(" limit ").Append(query.Parameter(limit));
        var command = new NpgsqlCommand(query._sql.ToString(), connection);
        command.Parameters.AddRange(query._parameters.ToArray());
        return command;
    }

    /// <summary>The text as a LIKE pattern that finds it anywhere, its own wild cards taken literally.</summary>
    internal static string Pattern(string text) =>
        "%"
        + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal)
        + "%";

    private static string Sorting(FindingOrder order) =>
        order switch
        {
            FindingOrder.Severity => " order by f.severity desc, f.open_time desc, f.finding_id",
            FindingOrder.OpenTime => " order by f.open_time desc, f.finding_id",
            FindingOrder.Check => " order by f.check_name, f.finding_id",
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, message: null),
        };

    private void AddFilter(FindingFilter filter)
    {
        if (filter.SiteId is { } site)
        {
            And($"f.site_id = {Parameter(site)}");
        }

        if (filter.Severities.Count > 0)
        {
            And($"f.severity = any({Parameter(filter.Severities.Select(s => (short)s).ToArray())})");
        }

        if (filter.States.Count > 0)
        {
            And($"f.state = any({Parameter(filter.States.Select(s => s.ToString()).ToArray())})");
        }

        if (filter.Check.Length > 0)
        {
            And($"f.check_name = {Parameter(filter.Check)}");
        }

        if (filter.Tool.Length > 0)
        {
            And(
                "exists (select 1 from finding_tools t where t.tenant_id = f.tenant_id and t.finding_id = f.finding_id"
                    + $" and t.tool = {Parameter(filter.Tool)} and (t.open_occurrence_count > 0 or f.state = 'Closed'))"
            );
        }

        if (filter.Text.Length > 0)
        {
            var pattern = Parameter(Pattern(filter.Text));
            And($"(f.title ilike {pattern} or f.check_name ilike {pattern} or f.description ilike {pattern})");
        }
    }

    private void AddDismissed(DismissedFilter dismissed, Instant now)
    {
        switch (dismissed)
        {
            case DismissedFilter.Without:
                And($"(f.dismissal_kind is null or f.dismissal_expire_time <= {Parameter(now)})");
                break;
            case DismissedFilter.Only:
                And(
                    "f.dismissal_kind is not null"
                        + $" and (f.dismissal_expire_time is null or f.dismissal_expire_time > {Parameter(now)})"
                );
                break;
            case DismissedFilter.Both:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(dismissed), dismissed, message: null);
        }
    }

    private void AddAfter(FindingOrder order, FindingPosition after)
    {
        switch (order)
        {
            case FindingOrder.Severity:
                var severity = Parameter((short)after.Severity);
                And($"f.severity <= {severity}");
                And($"(f.severity < {severity} or {AfterOpenTime(after)})");
                break;
            case FindingOrder.OpenTime:
                And(AfterOpenTime(after));
                break;
            case FindingOrder.Check:
                And($"(f.check_name, f.finding_id) > ({Parameter(after.Check)}, {Parameter(after.FindingId)})");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order, message: null);
        }
    }

    private string AfterOpenTime(FindingPosition after)
    {
        var time = Parameter(after.OpenTime);
        return $"(f.open_time < {time} or (f.open_time = {time} and f.finding_id > {Parameter(after.FindingId)}))";
    }

    private void And(string condition) => _sql.Append(" and ").Append(condition);

    private string Parameter<T>(T value)
    {
        _parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return $"${_parameters.Count}";
    }
}
