using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Findings;

internal sealed class ScanPushTable : IEntityTypeConfiguration<ScanPush>
{
    public void Configure(EntityTypeBuilder<ScanPush> builder)
    {
        builder.ToTable("scan_pushes");
        builder.HasKey(p => new { p.TenantId, p.ScanId });
        builder
            .HasIndex(p => new
            {
                p.TenantId,
                p.SiteId,
                p.Tool,
            })
            .HasFilter("not settled")
            .HasDatabaseName("ix_scan_pushes_unsettled");
        builder.OthersAreNotPersonal();
    }
}
