using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Findings;

internal sealed class FindingTable : IEntityTypeConfiguration<Finding>
{
    public void Configure(EntityTypeBuilder<Finding> builder)
    {
        builder.ToTable("findings");
        builder.HasKey(f => new { f.TenantId, f.FindingId });
        builder.Property(f => f.Severity).HasConversion<short>();
        builder.Property(f => f.State).HasConversion<string>();
        builder.Property(f => f.DismissalKind).HasConversion<string>();
        builder
            .Property(f => f.DismissalPersonId)
            .IsPersonal(
                PersonKind.Staff,
                DataCategory.Activity,
                Purpose.Service,
                LegalBasis.Contract,
                DataSource.System,
                RetentionRule.TechnicalData
            );
        builder
            .Property(f => f.DismissalRestrictedPersonId)
            .IsPersonal(
                PersonKind.Staff,
                DataCategory.Activity,
                Purpose.Service,
                LegalBasis.Contract,
                DataSource.System,
                RetentionRule.TechnicalData
            );
        builder.Property<uint>("xmin").IsRowVersion();
        builder.OthersAreNotPersonal();
    }
}
