using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Persons;

/// <summary>Clause RET-1: no prospect is kept longer than three years from the last contact that came from the prospect.</summary>
internal sealed class ProspectRetentionCheck(AllTenants allTenants) : IClauseCheck
{
    // Clause RET-1.
    private const int Years = 3;

    // Deletion follows within a day: a sweep that runs once a day is not late before.
    private static readonly Duration DeletedWithin = Duration.FromHours(24);

    public string ClauseId => "RET-1";

    public string Name => "prospects";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var end = Paris.DateOf(now - DeletedWithin).PlusYears(-Years);
                var before = Paris.StartOf(end);
                var prospects = db.Set<RegisteredPerson>()
                    .Where(p => p.Kind == PersonKind.Prospect && p.EraseTime == null);
                var count = await prospects.CountAsync(cancellationToken);
                var late = await prospects.CountAsync(p => p.ContactTime < before, cancellationToken);
                (string, long)[] figures = [("prospects", count), ("past_their_date", late)];
                return late > 0
                    ? ClauseFinding.Broken(
                        $"{late} of {count} prospects are kept past three years from their last contact.",
                        figures
                    )
                    : ClauseFinding.Holds(
                        $"None of {count} prospects is past three years from the last contact.",
                        figures
                    );
            },
            cancellationToken
        );
}
