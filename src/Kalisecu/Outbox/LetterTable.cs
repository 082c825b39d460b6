using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Outbox;

internal sealed class LetterTable : IEntityTypeConfiguration<Letter>
{
    public void Configure(EntityTypeBuilder<Letter> builder)
    {
        builder.ToTable("letters");
        builder.HasKey(l => new { l.TenantId, l.LetterId });
        builder.Property(l => l.Nature).HasConversion<string>();
        builder.Property(l => l.Language).HasConversion<string>();
        builder.Property(l => l.State).HasConversion<string>();
        IsOfRecipient(builder.Property(l => l.Recipient), DataCategory.Contact);
        IsOfRecipient(builder.Property(l => l.Subject), DataCategory.Activity);
        IsOfRecipient(builder.Property(l => l.TextBody), DataCategory.Activity);
        IsOfRecipient(builder.Property(l => l.HtmlBody), DataCategory.Activity);
        builder.Property(l => l.Secret).IsSecret();
        builder.CanBeRestricted();
        builder.OthersAreNotPersonal();
    }

    private static void IsOfRecipient<T>(PropertyBuilder<T> column, DataCategory category) =>
        column.IsPersonal(
            PersonKind.Contact,
            category,
            Purpose.Communication,
            LegalBasis.Contract,
            DataSource.System,
            RetentionRule.Contract
        );
}
