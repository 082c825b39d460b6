using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Breaches;

/// <summary>What is written about breaches names nobody; it is sealed because it says where we are weak.</summary>
internal sealed class BreachTable : IEntityTypeConfiguration<Breach>
{
    public void Configure(EntityTypeBuilder<Breach> builder)
    {
        builder.ToTable("breaches");
        builder.HasKey(b => new { b.TenantId, b.BreachId });
        builder.Property(b => b.State).HasConversion<string>();
        builder.Property(b => b.Risk).HasConversion<string>();
        builder.Property(b => b.Decision).HasConversion<string>();
        builder.Property(b => b.Communication).HasConversion<string>();
        builder.Property(b => b.AlarmPhase).HasConversion<string>();
        builder.Property(b => b.Version).HasColumnName("xmin").IsRowVersion();
        builder.Ignore(b => b.Reference);
        builder.Ignore(b => b.IsOpen);
        builder.Ignore(b => b.IsClockRunning);
        builder.OthersAreNotPersonal();
    }
}

internal sealed class BreachAlarmTable : IEntityTypeConfiguration<BreachAlarm>
{
    public void Configure(EntityTypeBuilder<BreachAlarm> builder)
    {
        builder.ToTable("breach_alarms");
        builder.HasKey(a => new
        {
            a.TenantId,
            a.BreachId,
            a.Phase,
            a.Hours,
        });
        builder.HasOne<Breach>().WithMany().HasForeignKey(a => new { a.TenantId, a.BreachId });
        builder.Property(a => a.Phase).HasConversion<string>();
        builder.OthersAreNotPersonal();
    }
}

internal sealed class BreachNotificationTable : IEntityTypeConfiguration<BreachNotification>
{
    public void Configure(EntityTypeBuilder<BreachNotification> builder)
    {
        builder.ToTable("breach_notifications");
        builder.HasKey(n => new
        {
            n.TenantId,
            n.BreachId,
            n.Number,
        });
        builder.HasOne<Breach>().WithMany().HasForeignKey(n => new { n.TenantId, n.BreachId });
        builder.Ignore(n => n.IsInitial);
        builder.OthersAreNotPersonal();
    }
}

internal sealed class BreachRecipientTable : IEntityTypeConfiguration<BreachRecipient>
{
    public void Configure(EntityTypeBuilder<BreachRecipient> builder)
    {
        builder.ToTable("breach_recipients");
        builder.HasKey(r => new
        {
            r.TenantId,
            r.BreachId,
            r.Audience,
            r.PersonTenantId,
            r.PersonId,
        });
        builder.HasOne<Breach>().WithMany().HasForeignKey(r => new { r.TenantId, r.BreachId });
        builder.Property(r => r.Audience).HasConversion<string>();
        builder.Property(r => r.PersonKind).HasConversion<string>();
        builder.OthersAreNotPersonal();
    }
}
