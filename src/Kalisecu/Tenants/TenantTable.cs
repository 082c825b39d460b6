using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Tenants;

internal sealed class TenantTable : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.ToTable("tenants");
        builder.HasKey(t => t.TenantId);
        builder.Property(t => t.Plan).HasConversion<string>();
        builder.Property(t => t.Language).HasConversion<string>();
        builder.Property(t => t.State).HasConversion<string>();
        builder.Property(t => t.Version).HasColumnName("xmin").IsRowVersion();
        builder.OthersAreNotPersonal();
    }
}
