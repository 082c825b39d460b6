using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Rights;

internal sealed class RectifiedFieldTable : IEntityTypeConfiguration<RectifiedField>
{
    public void Configure(EntityTypeBuilder<RectifiedField> builder)
    {
        builder.ToTable("rectified_fields");
        builder.HasKey(f => new
        {
            f.TenantId,
            f.RectificationId,
            f.Field,
        });
        builder.Property(f => f.Field).HasConversion<string>();
        // Keyed hashes of personal values: they leave the server as evidence alone.
        builder.Property(f => f.OldDigest).IsSecret();
        builder.Property(f => f.NewDigest).IsSecret();
        builder.OthersAreNotPersonal();
    }
}
