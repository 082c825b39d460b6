using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Findings;

internal sealed class FindingToolTable : IEntityTypeConfiguration<FindingTool>
{
    public void Configure(EntityTypeBuilder<FindingTool> builder)
    {
        builder.ToTable("finding_tools");
        builder.HasKey(t => new
        {
            t.TenantId,
            t.FindingId,
            t.Tool,
        });
        builder.Property(t => t.Severity).HasConversion<short>();
        builder.OthersAreNotPersonal();
    }
}
