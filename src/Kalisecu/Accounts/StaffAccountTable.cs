using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Accounts;

internal sealed class StaffAccountTable : IEntityTypeConfiguration<StaffAccount>
{
    /// <summary>The row's version, which callers know as etag.</summary>
    public const string Version = "xmin";

    public void Configure(EntityTypeBuilder<StaffAccount> builder)
    {
        builder.ToTable("staff_accounts");
        builder.HasKey(a => a.AccountId);
        builder.Property(a => a.Role).HasConversion<string>();
        builder.Property(a => a.State).HasConversion<string>();
        builder.Property<uint>(Version).IsRowVersion();
        builder.Ignore(a => a.SessionRole);
        builder.Ignore(a => a.IsActiveAdministrator);
        IsOfStaff(builder.Property(a => a.Email), DataCategory.Contact, DataSource.Staff);
        IsOfStaff(builder.Property(a => a.DisplayName), DataCategory.Identity, DataSource.Staff);
        IsOfStaff(builder.Property(a => a.Role), DataCategory.Professional, DataSource.Staff);
        IsOfStaff(builder.Property(a => a.SuspendReason), DataCategory.Professional, DataSource.Staff);
        builder.CanBeRestricted();
        builder.OthersAreNotPersonal();
    }

    private static void IsOfStaff<T>(PropertyBuilder<T> column, DataCategory category, DataSource source) =>
        column.IsPersonal(
            PersonKind.Staff,
            category,
            Purpose.Service,
            LegalBasis.Contract,
            source,
            RetentionRule.Employment
        );
}
