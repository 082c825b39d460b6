using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Tenants;

internal sealed class AuthorisationSignerTable : IEntityTypeConfiguration<AuthorisationSigner>
{
    public void Configure(EntityTypeBuilder<AuthorisationSigner> builder)
    {
        builder.ToTable("authorisation_signers");
        builder.HasKey(s => new { s.TenantId, s.AuthorisationId });
        builder.CanBeRestricted();
        IsOfSigner(builder.Property(s => s.PersonId), DataCategory.Identity);
        IsOfSigner(builder.Property(s => s.Name), DataCategory.Identity);
        IsOfSigner(builder.Property(s => s.Email), DataCategory.Contact);
        IsOfSigner(builder.Property(s => s.Function), DataCategory.Professional);
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
