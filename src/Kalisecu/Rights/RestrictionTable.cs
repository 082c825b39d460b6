using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Rights;

internal sealed class RestrictionTable : IEntityTypeConfiguration<Restriction>
{
    public void Configure(EntityTypeBuilder<Restriction> builder)
    {
        builder.ToTable("restrictions");
        builder.HasKey(r => new { r.TenantId, r.RestrictionId });
        builder.Property(r => r.PersonKind).HasConversion<string>();
        builder.Property(r => r.Ground).HasConversion<string>();
        builder.Property(r => r.Version).HasColumnName("xmin").IsRowVersion();
        builder.Ignore(r => r.Person);
        builder.Ignore(r => r.NoticeKey);
        builder.OthersAreNotPersonal();
    }
}
