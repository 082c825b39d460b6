using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Findings;

internal sealed class OccurrenceTable : IEntityTypeConfiguration<Occurrence>
{
    public void Configure(EntityTypeBuilder<Occurrence> builder)
    {
        builder.ToTable("occurrences");
        builder.HasKey(o => new
        {
            o.TenantId,
            o.FindingId,
            o.OccurrenceId,
            o.Tool,
            o.OpenScanId,
        });
        // A raw exchange can hold what a page shows to its users: never read but to be opened for the caller.
        builder.Property(o => o.Exchange).IsSecret();
        builder.OthersAreNotPersonal();
    }
}
