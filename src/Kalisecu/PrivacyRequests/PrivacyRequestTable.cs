using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.PrivacyRequests;

internal sealed class PrivacyRequestTable : IEntityTypeConfiguration<PrivacyRequest>
{
    public void Configure(EntityTypeBuilder<PrivacyRequest> builder)
    {
        builder.ToTable("privacy_requests");
        builder.HasKey(r => new { r.TenantId, r.PrivacyRequestId });
        builder.Property(r => r.Channel).HasConversion<string>();
        builder.Property(r => r.State).HasConversion<string>();
        builder.Property(r => r.Language).HasConversion<string>();
        builder.Property(r => r.IdentityMethod).HasConversion<string>();
        builder.Property(r => r.Version).HasColumnName("xmin").IsRowVersion();
        builder.HasMany(r => r.Rights).WithOne().HasForeignKey(r => new { r.TenantId, r.PrivacyRequestId });
        builder.Navigation(r => r.Rights).AutoInclude();
        builder.Ignore(r => r.IsOpen);
        builder.Ignore(r => r.Reference);
        builder.Ignore(r => r.ExtendedDueDate);
        builder.Ignore(r => r.KeptUntil);
        builder.Ignore(r => r.GoesOn);
        builder.Property(r => r.EmailHash).IsSecret();
        builder.Property(r => r.CodeHash).IsSecret();
        IsGiven(builder.Property(r => r.Email), DataCategory.Contact, DataSource.Person);
        IsGiven(builder.Property(r => r.CodeEmail), DataCategory.Contact, DataSource.System);
        IsGiven(builder.Property(r => r.ProvedEmail), DataCategory.Contact, DataSource.System);
        IsGiven(builder.Property(r => r.RequesterName), DataCategory.Identity, DataSource.Person);
        IsGiven(builder.Property(r => r.PostalAddress), DataCategory.Contact, DataSource.Person);
        IsGiven(builder.Property(r => r.Details), DataCategory.Activity, DataSource.Person);
        IsGiven(builder.Property(r => r.IdentityGrounds), DataCategory.Activity, DataSource.Staff);
        IsGiven(builder.Property(r => r.ExtendReasons), DataCategory.Activity, DataSource.Staff);
        IsGiven(builder.Property(r => r.CloseReasons), DataCategory.Activity, DataSource.Staff);
        builder.OthersAreNotPersonal();
    }

    // GDPR art. 5(2) and 12: who asked what and what was answered has to be provable.
    public static void IsGiven<T>(PropertyBuilder<T> column, DataCategory category, DataSource source) =>
        column.IsPersonal(
            PersonKind.Contact,
            category,
            Purpose.Communication,
            LegalBasis.LegalObligation,
            source,
            RetentionRule.Proof
        );
}

internal sealed class RequestedRightTable : IEntityTypeConfiguration<RequestedRight>
{
    public void Configure(EntityTypeBuilder<RequestedRight> builder)
    {
        builder.ToTable("privacy_request_rights");
        builder.HasKey(r => new
        {
            r.TenantId,
            r.PrivacyRequestId,
            r.Right,
        });
        builder.Property(r => r.Right).HasColumnName("right_name").HasConversion<string>();
        builder.Property(r => r.Outcome).HasConversion<string>();
        builder.OthersAreNotPersonal();
    }
}

internal sealed class RequestSubjectTable : IEntityTypeConfiguration<RequestSubject>
{
    public void Configure(EntityTypeBuilder<RequestSubject> builder)
    {
        builder.ToTable("privacy_request_subjects");
        builder.HasKey(s => new
        {
            s.TenantId,
            s.PrivacyRequestId,
            s.PersonTenantId,
            s.PersonId,
        });
        builder.HasOne<PrivacyRequest>().WithMany().HasForeignKey(s => new { s.TenantId, s.PrivacyRequestId });
        builder.Property(s => s.PersonKind).HasConversion<string>();
        builder.Ignore(s => s.Person);
        builder.OthersAreNotPersonal();
    }
}

internal sealed class RequestOriginalTable : IEntityTypeConfiguration<RequestOriginal>
{
    public void Configure(EntityTypeBuilder<RequestOriginal> builder)
    {
        builder.ToTable("privacy_request_originals");
        builder.HasKey(o => new
        {
            o.TenantId,
            o.PrivacyRequestId,
            o.OriginalId,
        });
        builder.HasOne<PrivacyRequest>().WithMany().HasForeignKey(o => new { o.TenantId, o.PrivacyRequestId });
        PrivacyRequestTable.IsGiven(builder.Property(o => o.FileName), DataCategory.Activity, DataSource.Person);
        builder.OthersAreNotPersonal();
    }
}
