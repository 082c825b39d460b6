using System.Globalization;
using Kalisecu.Compliance;
using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.AccessLog;

/// <summary>Clause RET-5: no month of the access log is kept so long that it, or a backup of it, outlives twelve months.</summary>
internal sealed class LogRetentionCheck(DatabaseCatalogue catalogue) : IClauseCheck
{
    private const int Months = AccessRoot.KeptMonths;

    // Deletion follows within a day: a sweep that runs once a day is not late before.
    private static readonly Duration DeletedWithin = Duration.FromHours(24);

    private static readonly LocalDatePattern Month = LocalDatePattern.Create(
        "'access_entries_'yyyy'_'MM",
        CultureInfo.InvariantCulture
    );

    public string ClauseId => "RET-5";

    public string Name => "access-log-months";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var partitions = await catalogue.ListAsync(AccessLogSql.Partitions, cancellationToken);
        var expired = (now - DeletedWithin).InUtc().Date.PlusMonths(-Months);
        var late = partitions.Where(p => Month.Parse(p).Value <= expired).ToList();
        return late.Count > 0
            ? ClauseFinding.Broken(
                $"{late.Count} months of the access log are past their date, {late[0]} the first of them.",
                ("months", partitions.Count),
                ("expired_months", late.Count)
            )
            : ClauseFinding.Holds(
                $"None of the {partitions.Count} months of the access log that are kept is older than {Months} months.",
                ("months", partitions.Count),
                ("expired_months", 0)
            );
    }
}
