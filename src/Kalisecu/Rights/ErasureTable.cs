using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Rights;

internal sealed class ErasureTable : IEntityTypeConfiguration<Erasure>
{
    public void Configure(EntityTypeBuilder<Erasure> builder)
    {
        builder.ToTable("erasures");
        builder.HasKey(e => new { e.TenantId, e.ErasureId });
        builder.Property(e => e.PersonKind).HasConversion<string>();
        builder.Property(e => e.State).HasConversion<string>();
        builder.Property(e => e.Version).HasColumnName("xmin").IsRowVersion();
        builder.Ignore(e => e.Person);
        builder.OthersAreNotPersonal();
    }
}

internal sealed class ErasureStepTable : IEntityTypeConfiguration<ErasureStep>
{
    public void Configure(EntityTypeBuilder<ErasureStep> builder)
    {
        builder.ToTable("erasure_steps");
        builder.HasKey(s => new
        {
            s.TenantId,
            s.ErasureId,
            s.Store,
        });
        builder.Property(s => s.PlannedKept).HasColumnType("jsonb");
        builder.Property(s => s.Kept).HasColumnType("jsonb");
        builder.OthersAreNotPersonal();
    }
}

internal sealed class JournalMarkTable : IEntityTypeConfiguration<JournalMark>
{
    public void Configure(EntityTypeBuilder<JournalMark> builder)
    {
        builder.ToTable("erasure_journal_marks");
        builder.HasKey(m => m.MarkId);
        builder.OthersAreNotPersonal();
    }
}
