using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Tenants;

internal sealed class SiteTable : IEntityTypeConfiguration<Site>
{
    public void Configure(EntityTypeBuilder<Site> builder)
    {
        builder.ToTable("sites");
        builder.HasKey(s => new { s.TenantId, s.SiteId });
        builder.Property(s => s.State).HasConversion<string>();
        builder.Property(s => s.Version).HasColumnName("xmin").IsRowVersion();
        builder.OthersAreNotPersonal();
    }
}
