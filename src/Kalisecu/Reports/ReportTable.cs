using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Reports;

internal sealed class ReportTable : IEntityTypeConfiguration<Report>
{
    public void Configure(EntityTypeBuilder<Report> builder)
    {
        builder.ToTable("reports");
        builder.HasKey(r => new { r.TenantId, r.ReportId });
        builder.Property(r => r.Language).HasConversion<string>();
        builder.Property(r => r.State).HasConversion<string>();
        builder.Property<uint>("xmin").IsRowVersion();
        builder.OthersAreNotPersonal();
    }
}
