using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Retention;

internal sealed class ClientArchiveTable : IEntityTypeConfiguration<ClientArchive>
{
    public void Configure(EntityTypeBuilder<ClientArchive> builder)
    {
        builder.ToTable("archives");
        builder.HasKey(a => new { a.TenantId, a.ArchiveId });
        builder.Property(a => a.State).HasConversion<string>();
        builder.OthersAreNotPersonal();
    }
}
