using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Accounts;

internal sealed class CredentialTable : IEntityTypeConfiguration<Credential>
{
    public void Configure(EntityTypeBuilder<Credential> builder)
    {
        builder.ToTable("credentials");
        builder.HasKey(c => new { c.TenantId, c.PersonId });
        builder.Property(c => c.EmailHash).IsSecret();
        builder.Property(c => c.PasswordHash).IsSecret();
        builder.Property(c => c.TotpSecret).IsSecret();
        builder.Property(c => c.TotpLastStep).IsSecret();
        builder.Property(c => c.PendingTotpSecret).IsSecret();
        builder.Property(c => c.InvitationHash).IsSecret();
        builder
            .Property(c => c.SignInTime)
            .IsPersonal(
                PersonKind.Member,
                DataCategory.Connection,
                Purpose.Security,
                LegalBasis.LegitimateInterest,
                DataSource.System,
                RetentionRule.Contract
            );
        builder.CanBeRestricted();
        builder.OthersAreNotPersonal();
    }
}
