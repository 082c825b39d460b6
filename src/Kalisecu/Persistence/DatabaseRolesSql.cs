namespace Kalisecu.Persistence;

/// <summary>Statements about roles, which no mapper speaks of.</summary>
internal static class DatabaseRolesSql
{
    public const string RoleExists = "select exists (select from pg_roles where rolname = $1)";

    public const string DatabaseExists = "select exists (select from pg_database where datname = $1)";

    /// <summary>What every role of ours is and is not; row security holds for all of them, the owner included.</summary>
    public const string Limits = "login nosuperuser nocreatedb nocreaterole inherit noreplication nobypassrls";
}
