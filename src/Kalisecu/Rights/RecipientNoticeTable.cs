using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Rights;

internal sealed class RecipientNoticeTable : IEntityTypeConfiguration<RecipientNotice>
{
    public void Configure(EntityTypeBuilder<RecipientNotice> builder)
    {
        builder.ToTable("recipient_notices");
        builder.HasKey(n => new { n.TenantId, n.NoticeId });
        builder.Property(n => n.CauseType).HasConversion<string>();
        builder.OthersAreNotPersonal();
    }
}
