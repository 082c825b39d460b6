using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Persistence;

internal sealed class RequestReceiptTable : IEntityTypeConfiguration<RequestReceipt>
{
    public void Configure(EntityTypeBuilder<RequestReceipt> builder)
    {
        builder.ToTable("request_receipts");
        builder.HasKey(r => new { r.TenantId, r.RequestId });
        builder.Property(r => r.Response).IsSecret();
        builder.OthersAreNotPersonal();
    }
}
