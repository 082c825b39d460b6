using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Rights;

internal sealed class DataExportTable : IEntityTypeConfiguration<DataExport>
{
    public void Configure(EntityTypeBuilder<DataExport> builder)
    {
        builder.ToTable("data_exports");
        builder.HasKey(e => new { e.TenantId, e.ExportId });
        builder.Property(e => e.PersonKind).HasConversion<string>();
        builder.Property(e => e.Kind).HasConversion<string>();
        builder.Property(e => e.Language).HasConversion<string>();
        builder.Ignore(e => e.Person);
        builder.OthersAreNotPersonal();
    }
}

internal sealed class ExportLinkTable : IEntityTypeConfiguration<ExportLink>
{
    public void Configure(EntityTypeBuilder<ExportLink> builder)
    {
        builder.ToTable("export_links");
        builder.HasKey(l => new { l.TenantId, l.LinkId });
        builder.Property(l => l.Format).HasConversion<string>();
        builder.Property(l => l.TokenHash).IsSecret();
        builder.OthersAreNotPersonal();
    }
}
