using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Rights;

internal sealed class ObjectionTable : IEntityTypeConfiguration<Objection>
{
    public void Configure(EntityTypeBuilder<Objection> builder)
    {
        builder.ToTable("objections");
        builder.HasKey(o => new { o.TenantId, o.ObjectionId });
        builder.Property(o => o.PersonKind).HasConversion<string>();
        builder.Property(o => o.State).HasConversion<string>();
        builder.Property(o => o.Version).HasColumnName("xmin").IsRowVersion();
        builder
            .Property(o => o.Grounds)
            .IsPersonal(
                PersonKind.Contact,
                DataCategory.Activity,
                Purpose.Communication,
                LegalBasis.LegalObligation,
                DataSource.Staff,
                RetentionRule.Proof
            );
        builder.Ignore(o => o.Person);
        builder.OthersAreNotPersonal();
    }
}
