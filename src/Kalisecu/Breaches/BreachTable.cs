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
        builder.ComplexProperty(b => b.Phases, Configure);
        builder.ComplexProperty(b => b.Telling, Configure);
        builder.Property(b => b.Version).HasColumnName("xmin").IsRowVersion();
        builder.Ignore(b => b.Reference);
        builder.Ignore(b => b.IsOpen);
        builder.OthersAreNotPersonal();
    }

    private static void Configure(ComplexPropertyBuilder<NotificationPhases> phases)
    {
        phases.Property(p => p.AwareTime).HasColumnName("aware_time");
        phases.Property(p => p.DueTime).HasColumnName("due_time");
        phases.Property(p => p.RuleVersion).HasColumnName("rule_version");
        phases.Property(p => p.Decision).HasColumnName("decision").HasConversion<string>();
        phases.Property(p => p.DecisionReasons).HasColumnName("decision_reasons");
        phases.Property(p => p.SubmitTime).HasColumnName("submit_time");
        phases.Property(p => p.ComplementDueTime).HasColumnName("complement_due_time");
        phases.Property(p => p.AlarmPhase).HasColumnName("alarm_phase").HasConversion<string>();
        phases.Property(p => p.NextAlarmHours).HasColumnName("next_alarm_hours");
        phases.Property(p => p.EscalateTime).HasColumnName("escalate_time");
        phases.Property(p => p.NextAlarmTime).HasColumnName("next_alarm_time");
        phases.OthersAreNotPersonal();
    }

    private static void Configure(ComplexPropertyBuilder<BreachTelling> telling)
    {
        telling.Property(t => t.Communication).HasColumnName("communication").HasConversion<string>();
        telling.Property(t => t.CommunicationReasons).HasColumnName("communication_reasons");
        telling.Property(t => t.ReachTime).HasColumnName("reach_time");
        telling.Property(t => t.ReachNumber).HasColumnName("reach_number");
        telling.Property(t => t.ReachStores).HasColumnName("reach_stores");
        telling.Property(t => t.ReachTenantIds).HasColumnName("reach_tenant_ids");
        telling.Property(t => t.ReachClientCount).HasColumnName("reach_client_count");
        telling.Property(t => t.ReachPersonCount).HasColumnName("reach_person_count");
        telling.Property(t => t.ReachPersonKinds).HasColumnName("reach_person_kinds");
        telling.Property(t => t.ReachCategories).HasColumnName("reach_categories");
        telling.Property(t => t.PersonsTellTime).HasColumnName("persons_tell_time");
        telling.Property(t => t.PersonsText).HasColumnName("persons_text");
        telling.Property(t => t.ClientsTellTime).HasColumnName("clients_tell_time");
        telling.Property(t => t.ClientsText).HasColumnName("clients_text");
        telling.OthersAreNotPersonal();
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
