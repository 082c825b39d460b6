using Npgsql;
using NpgsqlTypes;

namespace Kalisecu.Tenancy;

internal static class TenantSql
{
    /// <summary>Transaction-local settings that the row-security policies read; the mapper knows no session settings.</summary>
    public const string NameTenant =
        "select set_config('kalisecu.tenant_id', $1, true), set_config('kalisecu.all_tenants', $2, true), "
        + "set_config('kalisecu.sees_restricted', $3, true)";

    public static void AddScope(NpgsqlParameterCollection parameters, TenantScope scope)
    {
        AddText(parameters, scope.TenantSetting);
        AddText(parameters, scope.AllTenantsSetting);
        AddText(parameters, scope.SeesRestrictedSetting);
    }

    private static void AddText(NpgsqlParameterCollection parameters, string value) =>
        parameters.Add(new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text });
}
