using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Tenants;

internal sealed class AuthorisationTable : IEntityTypeConfiguration<Authorisation>
{
    public void Configure(EntityTypeBuilder<Authorisation> builder)
    {
        builder.ToTable("authorisations");
        builder.HasKey(a => new { a.TenantId, a.AuthorisationId });
        IsOfSigner(builder.Property(a => a.SignerId), DataCategory.Identity);
        IsOfSigner(builder.Property(a => a.SignerName), DataCategory.Identity);
        IsOfSigner(builder.Property(a => a.SignerEmail), DataCategory.Contact);
        IsOfSigner(builder.Property(a => a.SignerFunction), DataCategory.Professional);
        IsOfSigner(builder.Property(a => a.RevokeReason), DataCategory.Activity);
        builder.OthersAreNotPersonal();
    }

    private static void IsOfSigner<T>(PropertyBuilder<T> column, DataCategory category) =>
        column.IsPersonal(
            PersonKind.Contact,
            category,
            Purpose.Service,
            LegalBasis.Contract,
            DataSource.Client,
            RetentionRule.Contract
        );
}
