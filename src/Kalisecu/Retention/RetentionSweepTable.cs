using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Retention;

internal sealed class RetentionSweepTable : IEntityTypeConfiguration<RetentionSweep>
{
    public void Configure(EntityTypeBuilder<RetentionSweep> builder)
    {
        builder.ToTable("retention_sweeps");
        builder.HasKey(s => new
        {
            s.SweepId,
            s.Rule,
            s.OfTenantId,
        });
        builder.OthersAreNotPersonal();
    }
}
