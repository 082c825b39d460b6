using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.AccessLog;

internal sealed class AccessEntryTable : IEntityTypeConfiguration<AccessEntry>
{
    public void Configure(EntityTypeBuilder<AccessEntry> builder)
    {
        builder.ToTable("access_entries");
        builder.HasKey(e => new
        {
            e.TenantId,
            e.EntryTime,
            e.WriterId,
            e.Sequence,
        });
        builder.Property(e => e.Outcome).HasConversion<string>();
        builder.Property(e => e.PreviousHash).IsSecret();
        builder.Property(e => e.Hash).IsSecret();
        IsActivity(builder.Property(e => e.PersonId));
        IsActivity(builder.Property(e => e.SessionId));
        builder.OthersAreNotPersonal();
    }

    // Who did what when, kept to find misuse (GDPR art. 32); a person's identifier stands here without a name.
    private static void IsActivity(PropertyBuilder<Guid?> column) =>
        column.IsPersonal(
            PersonKind.Member,
            DataCategory.Activity,
            Purpose.Security,
            LegalBasis.LegitimateInterest,
            DataSource.System,
            RetentionRule.Logs
        );
}

internal sealed class AccessRootTable : IEntityTypeConfiguration<AccessRoot>
{
    public void Configure(EntityTypeBuilder<AccessRoot> builder)
    {
        builder.ToTable("access_log_roots");
        builder.HasKey(r => new { r.WriterId, r.Month });
        builder.Ignore(r => r.IsExpired);
        builder.OthersAreNotPersonal();
    }
}
