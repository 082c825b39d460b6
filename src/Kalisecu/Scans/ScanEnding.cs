using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Scans;

/// <summary>What a push changed.</summary>
internal sealed record ScanCounts(
    long OccurrencesOpened,
    long OccurrencesClosed,
    long OccurrencesUnchanged,
    long OccurrencesOpenTotal,
    long FindingsOpened,
    long FindingsClosed,
    long FindingsReopened,
    long FindingsChanged,
    long ObservationsOpened,
    long ObservationsClosed,
    long ObservationsUnchanged
);

/// <summary>What the tool visited, as pushed.</summary>
internal sealed record ScanCoverage(bool Complete, bool WholeSite, long VisitedPlaceCount);

/// <summary>A scan with a result.</summary>
internal sealed record CompletedScan(
    Guid ScanId,
    Guid? LeaseId,
    Instant FinishTime,
    ScanCoverage Coverage,
    byte[] ContentDigest,
    ScanCounts Counts
);

/// <summary>What the push says about its scan, inside the push's own transaction.</summary>
internal static class ScanEnding
{
    /// <summary>The tool's facts as the push opens; a repeat writes the same again.</summary>
    public static async Task StartPushAsync(
        TenantConnection connection,
        LeasedScan scan,
        string toolVersion,
        Interval toolRan,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(ScanSql.StartPush);
        command.Parameters.AddWithValue(connection.TenantId);
        command.Parameters.AddWithValue(scan.ScanId);
        command.Parameters.AddWithValue(scan.LeaseId);
        command.Parameters.AddWithValue(toolVersion);
        command.Parameters.AddWithValue(toolRan.Start);
        command.Parameters.AddWithValue(toolRan.End);
        await RunAsync(command, scan, cancellationToken);
    }

    /// <summary>Ends the scan with its result, once; refuses when it was cancelled or taken over meanwhile.</summary>
    public static async Task CompleteAsync(
        TenantConnection connection,
        LeasedScan scan,
        ScanCoverage coverage,
        byte[] contentDigest,
        ScanCounts counts,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(ScanSql.Complete);
        command.Parameters.AddWithValue(connection.TenantId);
        command.Parameters.AddWithValue(scan.ScanId);
        command.Parameters.AddWithValue(scan.LeaseId);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(coverage.Complete);
        command.Parameters.AddWithValue(coverage.WholeSite);
        command.Parameters.AddWithValue(coverage.VisitedPlaceCount);
        command.Parameters.AddWithValue(contentDigest);
        foreach (var count in Values(counts))
        {
            command.Parameters.AddWithValue(count);
        }

        await RunAsync(command, scan, cancellationToken);
    }

    /// <summary>The result that a repeated push is answered with, if the scan has one.</summary>
    public static Task<CompletedScan?> FindCompletedAsync(
        TenantConnection connection,
        Guid scanId,
        CancellationToken cancellationToken
    ) => ReadAsync(connection.Command(ScanSql.FindCompleted), [connection.TenantId, scanId], cancellationToken);

    /// <summary>The newest result of a tool on a site, whose digest tells whether anything changed since.</summary>
    public static Task<CompletedScan?> LastCompletedAsync(
        TenantConnection connection,
        Guid siteId,
        string tool,
        CancellationToken cancellationToken
    ) => ReadAsync(connection.Command(ScanSql.LastCompleted), [connection.TenantId, siteId, tool], cancellationToken);

    private static long[] Values(ScanCounts counts) =>
        [
            counts.OccurrencesOpened,
            counts.OccurrencesClosed,
            counts.OccurrencesUnchanged,
            counts.OccurrencesOpenTotal,
            counts.FindingsOpened,
            counts.FindingsClosed,
            counts.FindingsReopened,
            counts.FindingsChanged,
            counts.ObservationsOpened,
            counts.ObservationsClosed,
            counts.ObservationsUnchanged,
        ];

    private static async Task RunAsync(NpgsqlCommand command, LeasedScan scan, CancellationToken cancellationToken)
    {
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw ScanErrors.NoLease(scan.ScanId);
        }
    }

    private static async Task<CompletedScan?> ReadAsync(
        NpgsqlCommand command,
        object[] values,
        CancellationToken cancellationToken
    )
    {
        await using var owned = command;
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static CompletedScan Read(NpgsqlDataReader row)
    {
        // The columns up to here are the scan's; the counts follow in the order of the record.
        const int counts = 7;
        return new CompletedScan(
            row.GetGuid(0),
            row.IsDBNull(1) ? null : row.GetGuid(1),
            row.GetFieldValue<Instant>(2),
            new ScanCoverage(row.GetBoolean(3), row.GetBoolean(4), row.GetInt64(5)),
            row.GetFieldValue<byte[]>(6),
            new ScanCounts(
                row.GetInt64(counts),
                row.GetInt64(counts + 1),
                row.GetInt64(counts + 2),
                row.GetInt64(counts + 3),
                row.GetInt64(counts + 4),
                row.GetInt64(counts + 5),
                row.GetInt64(counts + 6),
                row.GetInt64(counts + 7),
                row.GetInt64(counts + 8),
                row.GetInt64(counts + 9),
                row.GetInt64(counts + 10)
            )
        );
    }
}
