using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Findings;

internal sealed class ObservationTable : IEntityTypeConfiguration<Observation>
{
    public void Configure(EntityTypeBuilder<Observation> builder)
    {
        builder.ToTable("observations");
        builder.HasKey(o => new
        {
            o.TenantId,
            o.ObservationId,
            o.Tool,
            o.OpenScanId,
        });
        builder.OthersAreNotPersonal();
    }
}
