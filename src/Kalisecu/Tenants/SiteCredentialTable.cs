using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Tenants;

internal sealed class SiteCredentialTable : IEntityTypeConfiguration<SiteCredential>
{
    public void Configure(EntityTypeBuilder<SiteCredential> builder)
    {
        builder.ToTable("site_credentials");
        builder.HasKey(c => new { c.TenantId, c.CredentialId });
        // Where the client names a person's own account, it is found by that person's address.
        builder
            .Property(c => c.UserName)
            .IsPersonal(
                PersonKind.Contact,
                DataCategory.Credentials,
                Purpose.Service,
                LegalBasis.Contract,
                DataSource.Client,
                RetentionRule.Contract
            );
        builder.Property(c => c.Secret).IsSecret();
        builder.CanBeRestricted();
        builder.OthersAreNotPersonal();
    }
}
