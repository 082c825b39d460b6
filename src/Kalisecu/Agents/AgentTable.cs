using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Agents;

internal sealed class AgentTable : IEntityTypeConfiguration<Agent>
{
    public void Configure(EntityTypeBuilder<Agent> builder)
    {
        builder.ToTable("agents");
        builder.HasKey(a => new { a.TenantId, a.AgentId });
        builder.Ignore(a => a.State);
        builder.Property(a => a.EnrolmentHash).IsSecret();
        builder.OthersAreNotPersonal();
    }
}
