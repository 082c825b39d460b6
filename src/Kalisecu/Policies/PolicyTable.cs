using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Policies;

internal sealed class PolicyVersionTable : IEntityTypeConfiguration<PolicyVersion>
{
    public void Configure(EntityTypeBuilder<PolicyVersion> builder)
    {
        builder.ToTable("policy_versions");
        builder.HasKey(v => v.Number);
        builder.Property(v => v.Number).ValueGeneratedNever();
        builder.Property(v => v.State).HasConversion<string>();
        builder.Property(v => v.Version).HasColumnName("xmin").IsRowVersion();
        builder.Ignore(v => v.Draft);
        builder.OthersAreNotPersonal();
    }
}

internal sealed class PolicyNoticeTable : IEntityTypeConfiguration<PolicyNotice>
{
    public void Configure(EntityTypeBuilder<PolicyNotice> builder)
    {
        builder.ToTable("policy_notices");
        builder.HasKey(n => new
        {
            n.TenantId,
            n.Number,
            n.MemberId,
        });
        builder.OthersAreNotPersonal();
    }
}
