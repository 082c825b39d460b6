using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Backups;

internal sealed class BackupTable : IEntityTypeConfiguration<Backup>
{
    public void Configure(EntityTypeBuilder<Backup> builder)
    {
        builder.ToTable("backups");
        builder.HasKey(b => b.BackupId);
        builder.Property(b => b.Kind).HasConversion<string>();
        builder.OthersAreNotPersonal();
    }
}

internal sealed class BackupVerificationTable : IEntityTypeConfiguration<BackupVerification>
{
    public void Configure(EntityTypeBuilder<BackupVerification> builder)
    {
        builder.ToTable("backup_verifications");
        builder.HasKey(v => v.VerificationId);
        builder.HasOne<Backup>().WithMany().HasForeignKey(v => v.BackupId);
        builder.Property(v => v.Outcome).HasConversion<string>();
        builder.Property(v => v.Figures).HasColumnType("jsonb");
        builder.OthersAreNotPersonal();
    }
}
