using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Compliance;

internal sealed class ProcessorTable : IEntityTypeConfiguration<Processor>
{
    public void Configure(EntityTypeBuilder<Processor> builder)
    {
        builder.ToTable("processors");
        builder.HasKey(p => new { p.Name, p.Version });
        builder.Property(p => p.Role).HasConversion<string>();
        builder.PrimitiveCollection(p => p.Purposes).ElementType().HasConversion<string>();
        builder.Ignore(p => p.IsInEea);
        builder.Ignore(p => p.IsAdequate);
        builder.Ignore(p => p.HasAgreement);
        builder.OthersAreNotPersonal();
    }
}
