using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Scans;

internal sealed class ScanTable : IEntityTypeConfiguration<Scan>
{
    public void Configure(EntityTypeBuilder<Scan> builder)
    {
        builder.ToTable("scans");
        builder.HasKey(s => new { s.TenantId, s.ScanId });
        builder.Property(s => s.Options).HasColumnType("jsonb");
        // A push and a cancellation may meet: the second to write learns of the first.
        builder.Property(s => s.State).HasConversion<string>().IsConcurrencyToken();
        builder.OthersAreNotPersonal();
    }
}
