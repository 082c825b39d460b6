using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Findings;

internal sealed class FindingEventTable : IEntityTypeConfiguration<FindingEvent>
{
    public void Configure(EntityTypeBuilder<FindingEvent> builder)
    {
        builder.ToTable("finding_events");
        builder.HasKey(e => new
        {
            e.TenantId,
            e.FindingId,
            e.EventId,
        });
        builder.Property(e => e.Kind).HasConversion<string>();
        builder.Property(e => e.OldSeverity).HasConversion<short?>();
        builder.Property(e => e.NewSeverity).HasConversion<short?>();
        builder.Property(e => e.DismissalKind).HasConversion<string>();
        builder
            .Property(e => e.PersonId)
            .IsPersonal(
                PersonKind.Staff,
                DataCategory.Activity,
                Purpose.Service,
                LegalBasis.Contract,
                DataSource.System,
                RetentionRule.TechnicalData
            );
        // Where person_id goes while that person's processing is restricted.
        builder
            .Property<Guid?>("RestrictedPersonId")
            .IsPersonal(
                PersonKind.Staff,
                DataCategory.Activity,
                Purpose.Service,
                LegalBasis.Contract,
                DataSource.System,
                RetentionRule.TechnicalData
            );
        builder.OthersAreNotPersonal();
    }
}
