namespace Kalisecu.Tenancy;

/// <summary>Questions about the walls between tenants, which the mapper does not know.</summary>
internal static class RowSecuritySql
{
    /// <summary>Tables of tenants whose wall has a gap; partitions count as tables.</summary>
    public const string OpenTables = """
        select c.relname::text from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and not (c.relrowsecurity and c.relforcerowsecurity)
        order by 1
        """;

    public const string WalledTables = """
        select count(*) from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and c.relrowsecurity and c.relforcerowsecurity
        """;

    /// <summary>Roles of ours that would pass the walls, and this process's own, whatever it is called.</summary>
    public const string PassingRoles = """
        select rolname::text from pg_roles
        where (rolname like 'kalisecu%' or rolname = current_user) and (rolsuper or rolbypassrls or rolcreaterole)
        union
        select current_user::text from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and pg_has_role(relowner, 'usage')
        order by 1
        """;

    /// <summary>Policies for reading that ask neither for the tenant nor for platform-wide work.</summary>
    public const string LaxPolicies = """
        select p.tablename || '.' || p.policyname from pg_policies p
        join pg_attribute a on a.attrelid = format('%I.%I', p.schemaname, p.tablename)::regclass
            and a.attname = 'tenant_id' and not a.attisdropped
        where p.schemaname = 'public' and p.permissive = 'PERMISSIVE' and p.cmd in ('ALL', 'SELECT')
            and coalesce(p.qual, '') not like '%kalisecu_tenant()%'
        order by 1
        """;

    /// <summary>Policies on technical data of clients that platform-wide work would pass (clause DATA-6).</summary>
    public const string WideTechnicalPolicies = """
        select p.tablename || '.' || p.policyname from pg_policies p
        where p.schemaname = 'public' and p.qual like '%kalisecu_all_tenants()%'
            and p.tablename in ('findings', 'finding_events', 'finding_tools', 'occurrences', 'observations', 'reports',
                'sites', 'site_credentials', 'authorisations')
        order by 1
        """;

    /// <summary>How many tables hold technical data of clients.</summary>
    public const int TechnicalTables = 9;

    /// <summary>Those of them that stand behind a policy of their own.</summary>
    public const string ClosedTechnicalTables = """
        select count(distinct p.tablename) from pg_policies p
        where p.schemaname = 'public' and p.qual like '%kalisecu_tenant()%'
            and p.tablename in ('findings', 'finding_events', 'finding_tools', 'occurrences', 'observations', 'reports',
                'sites', 'site_credentials', 'authorisations')
        """;
}
