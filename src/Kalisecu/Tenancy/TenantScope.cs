namespace Kalisecu.Tenancy;

/// <summary>Whose rows a transaction may see: one tenant's, or (named in one place alone) everybody's.</summary>
internal readonly record struct TenantScope
{
    /// <summary>Stands in the tenant column of rows that belong to no tenant: staff, platform-wide changes and their evidence.</summary>
    public static readonly Guid Platform = Guid.AllBitsSet;

    private TenantScope(Guid? tenantId) => TenantId = tenantId;

    public Guid? TenantId { get; }

    /// <summary>The value of the setting that the row-security policies read.</summary>
    public string TenantSetting => TenantId?.ToString("D") ?? "";

    /// <summary>The setting that the few policies read which allow platform-wide work (never on findings or evidence).</summary>
    public string AllTenantsSetting => TenantId is null ? "on" : "off";

    public static TenantScope One(Guid tenantId) =>
        tenantId == Guid.Empty
            ? throw new ArgumentException("The empty identifier names no tenant.", nameof(tenantId))
            : new TenantScope(tenantId);

    internal static TenantScope Everybody() => new(null);
}
