using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Tenants;

internal sealed class MemberTable : IEntityTypeConfiguration<Member>
{
    public void Configure(EntityTypeBuilder<Member> builder)
    {
        builder.ToTable("members");
        builder.HasKey(m => new { m.TenantId, m.MemberId });
        builder.Property(m => m.Role).HasConversion<string>();
        builder.Property(m => m.State).HasConversion<string>();
        builder.Property(m => m.Version).HasColumnName("xmin").IsRowVersion();
        builder.Property(m => m.EmailHash).IsSecret();
        IsOfMember(builder.Property(m => m.Email), DataCategory.Contact);
        IsOfMember(builder.Property(m => m.FirstName), DataCategory.Identity);
        IsOfMember(builder.Property(m => m.LastName), DataCategory.Identity);
        IsOfMember(builder.Property(m => m.Role), DataCategory.Professional);
        builder.CanBeRestricted();
        builder.OthersAreNotPersonal();
    }

    private static void IsOfMember<T>(PropertyBuilder<T> column, DataCategory category) =>
        column.IsPersonal(
            PersonKind.Member,
            category,
            Purpose.Service,
            LegalBasis.Contract,
            DataSource.Client,
            RetentionRule.Contract
        );
}
