namespace Kalisecu.Accounts;

/// <summary>Statements about staff accounts that the mapper cannot say.</summary>
internal static class StaffAccountSql
{
    /// <summary>Two administrators who suspend each other at the same moment must not both succeed.</summary>
    public const string LockAll = "select 1 from staff_accounts order by account_id for update";
}
