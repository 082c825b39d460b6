using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kalisecu.Jobs;

internal sealed class RegisteredJobTable : IEntityTypeConfiguration<RegisteredJob>
{
    public void Configure(EntityTypeBuilder<RegisteredJob> builder)
    {
        builder.ToTable("jobs");
        builder.HasKey(j => j.Job);
        builder.Ignore(j => j.LateTime);
        builder.OthersAreNotPersonal();
    }
}

internal sealed class RecordedRunTable : IEntityTypeConfiguration<RecordedRun>
{
    public void Configure(EntityTypeBuilder<RecordedRun> builder)
    {
        builder.ToTable("job_runs");
        builder.HasKey(r => r.RunId);
        builder.Property(r => r.Cause).HasConversion<string>();
        builder.Property(r => r.State).HasConversion<string>();
        builder.Property(r => r.Counts).HasColumnType("jsonb");
        builder.Ignore(r => r.IsOver);
        builder.OthersAreNotPersonal();
    }
}
