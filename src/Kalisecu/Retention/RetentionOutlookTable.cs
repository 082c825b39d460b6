using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Retention;

internal sealed class RetentionOutlookTable : IEntityTypeConfiguration<RetentionOutlook>
{
    public void Configure(EntityTypeBuilder<RetentionOutlook> builder)
    {
        builder.ToTable("retention_outlooks");
        builder.HasKey(o => o.Rule);
        builder.OthersAreNotPersonal();
    }
}
