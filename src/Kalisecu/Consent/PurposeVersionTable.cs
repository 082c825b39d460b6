using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Consent;

internal sealed class PurposeVersionTable : IEntityTypeConfiguration<PurposeVersion>
{
    public void Configure(EntityTypeBuilder<PurposeVersion> builder)
    {
        builder.ToTable("purpose_versions");
        builder.HasKey(p => new { p.Purpose, p.Version });
        builder.Property(p => p.LegalBasis).HasConversion<string>();
        builder.OthersAreNotPersonal();
    }
}
