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
        builder
            .HasOne(a => a.Signer)
            .WithOne()
            .HasForeignKey<AuthorisationSigner>(s => new { s.TenantId, s.AuthorisationId });
        builder.OthersAreNotPersonal();
    }
}
