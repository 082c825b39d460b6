namespace Kalisecu.Accounts;

/// <summary>Statements about credentials that the mapper cannot say.</summary>
internal static class CredentialSql
{
    /// <summary>Attempts on one account stand in line here, so that none is lost from the count and no code is taken twice.</summary>
    public const string Lock = "select 1 from credentials where tenant_id = {0} and person_id = {1} for update";

    /// <summary>Nothing happens when another person of the tenant signs in with the address: the mapper would throw instead.</summary>
    public const string InsertUnlessInUse = """
        insert into credentials (tenant_id, person_id, email_hash)
        values ({0}, {1}, {2})
        on conflict (tenant_id, email_hash) where end_time is null do nothing
        """;
}
