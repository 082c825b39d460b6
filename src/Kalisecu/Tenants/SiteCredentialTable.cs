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
        builder.Property(c => c.UserName).IsSecret();
        builder.Property(c => c.Secret).IsSecret();
        builder.OthersAreNotPersonal();
    }
}
