using Npgsql;
using NpgsqlTypes;

namespace Kalisecu.Tenancy;

internal static class TenantSql
{
    /// <summary>Transaction-local settings that the row-security policies read; the mapper knows no session settings.</summary>
    public const string NameTenant =
        "select set_config('kalisecu.tenant_id', $1, true), set_config('kalisecu.all_tenants', $2, true)";

    public static void AddScope(NpgsqlParameterCollection parameters, TenantScope scope)
    {
        parameters.Add(
            new NpgsqlParameter<string> { TypedValue = scope.TenantSetting, NpgsqlDbType = NpgsqlDbType.Text }
        );
        parameters.Add(
            new NpgsqlParameter<string> { TypedValue = scope.AllTenantsSetting, NpgsqlDbType = NpgsqlDbType.Text }
        );
    }
}
