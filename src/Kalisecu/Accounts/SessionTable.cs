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
        builder.OthersAreNotPersonal();
    }
}
