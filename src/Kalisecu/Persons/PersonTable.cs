using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Persons;

internal sealed class PersonTable : IEntityTypeConfiguration<RegisteredPerson>
{
    public void Configure(EntityTypeBuilder<RegisteredPerson> builder)
    {
        builder.ToTable("persons");
        builder.HasKey(p => new { p.TenantId, p.PersonId });
        builder.Property(p => p.Kind).HasConversion<string>();
        builder.Property(p => p.Language).HasConversion<string>();
        builder.Property(p => p.Version).HasColumnName("xmin").IsRowVersion();
        builder.Ignore(p => p.Ref);
        builder.Property(p => p.EmailHash).IsSecret();
        IsGiven(builder.Property(p => p.Email), DataCategory.Contact);
        IsGiven(builder.Property(p => p.FirstName), DataCategory.Identity);
        IsGiven(builder.Property(p => p.LastName), DataCategory.Identity);
        IsGiven(builder.Property(p => p.Function), DataCategory.Professional);
        IsGiven(builder.Property(p => p.Phone), DataCategory.Contact);
        IsGiven(builder.Property(p => p.CompanyName), DataCategory.Professional);
        IsGiven(builder.Property(p => p.CompanyAddress), DataCategory.Professional);
        IsGiven(builder.Property(p => p.WebsiteUrl), DataCategory.Professional);
        IsGiven(builder.Property(p => p.Technologies), DataCategory.Professional);
        IsGiven(builder.Property(p => p.Language), DataCategory.Contact);
        IsGiven(builder.Property(p => p.ContactTime), DataCategory.Activity);
        builder.OthersAreNotPersonal();
    }

    // Clause DATA-2, before a contract and on the way to it (GDPR art. 6(1)(b)).
    private static void IsGiven<T>(PropertyBuilder<T> column, DataCategory category) =>
        column.IsPersonal(
            PersonKind.Prospect,
            category,
            Purpose.Communication,
            LegalBasis.Contract,
            DataSource.Person,
            RetentionRule.Prospect
        );
}
