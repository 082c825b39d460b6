namespace Kalisecu.Tenancy;

/// <summary>Whose rows a transaction may see: one tenant's, or (named in one place alone) everybody's.</summary>
internal readonly record struct TenantScope
{
    /// <summary>Stands in the tenant column of rows that belong to no tenant: staff, platform-wide changes and their evidence.</summary>
    public static readonly Guid Platform = Guid.AllBitsSet;

    private TenantScope(Guid? tenantId, bool seesRestricted) => (TenantId, SeesRestricted) = (tenantId, seesRestricted);

    public Guid? TenantId { get; }

    /// <summary>Stands in the tenant column of the rows that are written: the tenant, or <see cref="Platform"/>.</summary>
    public Guid Owner => TenantId ?? Platform;

    /// <summary>Whether rows are seen whose person had processing restricted (GDPR art. 18).</summary>
    public bool SeesRestricted { get; }

    /// <summary>The value of the setting that the row-security policies read.</summary>
    public string TenantSetting => TenantId?.ToString("D") ?? "";

    /// <summary>The setting that the few policies read which allow platform-wide work (never on findings or evidence).</summary>
    public string AllTenantsSetting => TenantId is null ? "on" : "off";

    /// <summary>The setting that the policies of tables about persons read.</summary>
    public string SeesRestrictedSetting => SeesRestricted ? "on" : "off";

    public static TenantScope One(Guid tenantId) =>
        tenantId == Guid.Empty
            ? throw new ArgumentException("The empty identifier names no tenant.", nameof(tenantId))
            : new TenantScope(tenantId, seesRestricted: false);

    internal static TenantScope Everybody() => new(tenantId: null, seesRestricted: false);

    internal TenantScope WithRestricted() => new(TenantId, seesRestricted: true);
}
