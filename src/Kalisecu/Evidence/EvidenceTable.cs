using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Evidence;

internal sealed class EvidenceEntryTable : IEntityTypeConfiguration<EvidenceEntry>
{
    public void Configure(EntityTypeBuilder<EvidenceEntry> builder)
    {
        builder.ToTable("evidence_entries");
        builder.HasKey(e => new { e.TenantId, e.Sequence });
        builder.Property(e => e.Facts).HasColumnType("jsonb");
        builder.OthersAreNotPersonal();
    }
}

internal sealed class EvidenceHeadTable : IEntityTypeConfiguration<EvidenceHead>
{
    public void Configure(EntityTypeBuilder<EvidenceHead> builder)
    {
        builder.ToTable("evidence_heads");
        builder.HasKey(e => e.TenantId);
        builder.OthersAreNotPersonal();
    }
}
