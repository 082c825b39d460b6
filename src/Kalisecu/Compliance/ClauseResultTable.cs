using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Compliance;

internal sealed class ClauseResultTable : IEntityTypeConfiguration<ClauseResult>
{
    public void Configure(EntityTypeBuilder<ClauseResult> builder)
    {
        builder.ToTable("clause_results");
        builder.HasKey(r => r.ResultId);
        builder.Property(r => r.State).HasConversion<string>();
        builder.Property(r => r.Figures).HasColumnType("jsonb");
        builder.OthersAreNotPersonal();
    }
}
