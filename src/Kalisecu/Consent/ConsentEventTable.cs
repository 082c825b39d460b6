using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Consent;

internal sealed class ConsentEventTable : IEntityTypeConfiguration<ConsentEvent>
{
    public void Configure(EntityTypeBuilder<ConsentEvent> builder)
    {
        builder.ToTable("consent_events");
        builder.HasKey(e => new { e.TenantId, e.EventId });
        builder.Property(e => e.Language).HasConversion<string>();
        builder.Property(e => e.Kind).HasConversion<string>();
        builder.Property(e => e.Channel).HasConversion<string>();
        IsOfPerson(builder.Property(e => e.Purpose));
        IsOfPerson(builder.Property(e => e.Kind));
        IsOfPerson(builder.Property(e => e.TextVersion));
        IsOfPerson(builder.Property(e => e.Language));
        IsOfPerson(builder.Property(e => e.Channel));
        IsOfPerson(builder.Property(e => e.EventTime));
        IsOfPerson(builder.Property(e => e.ExpireTime));
        builder.OthersAreNotPersonal();
    }

    // GDPR art. 7(1): the controller shall be able to demonstrate the consent.
    internal static void IsOfPerson<T>(PropertyBuilder<T> column) =>
        column.IsPersonal(
            PersonKind.Contact,
            DataCategory.Activity,
            Persistence.Purpose.Communication,
            LegalBasis.LegalObligation,
            DataSource.Person,
            RetentionRule.Proof
        );
}

internal sealed class ConsentStateTable : IEntityTypeConfiguration<ConsentState>
{
    public void Configure(EntityTypeBuilder<ConsentState> builder)
    {
        builder.ToTable("consent_states");
        builder.HasKey(s => new
        {
            s.TenantId,
            s.PersonId,
            s.Purpose,
        });
        builder.Property(s => s.Kind).HasConversion<string>();
        ConsentEventTable.IsOfPerson(builder.Property(s => s.Purpose));
        ConsentEventTable.IsOfPerson(builder.Property(s => s.Kind));
        ConsentEventTable.IsOfPerson(builder.Property(s => s.TextVersion));
        ConsentEventTable.IsOfPerson(builder.Property(s => s.EventTime));
        ConsentEventTable.IsOfPerson(builder.Property(s => s.ExpireTime));
        builder.OthersAreNotPersonal();
    }
}
