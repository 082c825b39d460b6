using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Persistence;

internal sealed class RequestReceiptTable : IEntityTypeConfiguration<RequestReceipt>
{
    public void Configure(EntityTypeBuilder<RequestReceipt> builder)
    {
        builder.ToTable("request_receipts");
        builder.HasKey(r => new { r.TenantId, r.RequestId });
        builder.Property(r => r.RequestDigest).IsSecret();
        builder.Property(r => r.Response).IsSecret();
        // The answer speaks of a person: it is hidden and forgotten with that person.
        builder
            .Property(r => r.PersonId)
            .IsPersonal(
                PersonKind.Member,
                DataCategory.Activity,
                Purpose.Service,
                LegalBasis.Contract,
                DataSource.System,
                RetentionRule.Logs
            );
        builder.CanBeRestricted();
        builder.OthersAreNotPersonal();
    }
}
