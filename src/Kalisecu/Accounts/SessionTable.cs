using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Accounts;

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.HasKey(s => new { s.TenantId, s.SessionId });
        builder.Property(s => s.Role).HasConversion<string>();
        builder.Property(s => s.TokenHash).IsSecret();
        IsConnection(builder.Property(s => s.PersonId));
        IsConnection(builder.Property(s => s.Role));
        IsConnection(builder.Property(s => s.Frontend));
        IsConnection(builder.Property(s => s.CreateTime));
        IsConnection(builder.Property(s => s.UseTime));
        IsConnection(builder.Property(s => s.EndTime));
        builder.CanBeRestricted();
        builder.OthersAreNotPersonal();
    }

    private static void IsConnection<T>(PropertyBuilder<T> column) =>
        column.IsPersonal(
            PersonKind.Member,
            DataCategory.Connection,
            Purpose.Security,
            LegalBasis.LegitimateInterest,
            DataSource.System,
            RetentionRule.Logs
        );
}
