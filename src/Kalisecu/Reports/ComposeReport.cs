using Kalisecu.Findings;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Kalisecu.Reports;

/// <summary>Writes the state of a site at a moment into an object, entry by entry, and keeps the draft that names it.</summary>
internal sealed class ComposeReport(ObjectFolder objects, CheckCatalogue catalogue)
{
    // A million occurrences are about 300 MB; beyond that something is wrong with the site or with us.
    private const long MaximumBytes = 2L * 1024 * 1024 * 1024;

    public async Task<Report> RunAsync(
        KalisecuDb db,
        Guid tenantId,
        ReportDraft draft,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await OpenTenant.RequireAsync(db, cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var subject = await SubjectAsync(connection, tenantId, draft.SiteId, cancellationToken);
        if (draft.MomentTime < subject.SiteCreateTime)
        {
            throw ReportErrors.MomentTooEarly(subject.SiteCreateTime);
        }

        var report = Report.Draft(tenantId, draft, draft.Language ?? subject.TenantLanguage, now);
        var counts = new ReportCounts();
        await using var pending = await objects.PrepareAsync(
            tenantId,
            stream => WriteAsync(connection, report, subject, counts, stream, cancellationToken),
            MaximumBytes,
            cancellationToken
        );
        var stored = pending.Object;
        report.Fill(stored.Digest, stored.Name, stored.SizeBytes, counts);
        db.Add(report);
        await db.SaveChangesAsync(cancellationToken);
        pending.Publish();
        return report;
    }

    private static async Task<ReportSubject> SubjectAsync(
        NpgsqlConnection connection,
        Guid tenantId,
        Guid siteId,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(ReportSql.Subject, connection);
        Add(command, tenantId);
        Add(command, siteId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? ReportSubject.Read(reader)
            : throw ReportErrors.SiteAbsent(siteId);
    }

    private async Task WriteAsync(
        NpgsqlConnection connection,
        Report report,
        ReportSubject subject,
        ReportCounts counts,
        Stream stream,
        CancellationToken cancellationToken
    )
    {
        await using var content = new ReportContentWriter(stream);
        await content.WriteAsync(ReportProto.Header(report, subject), cancellationToken);
        await WriteFindingsAsync(connection, report, counts, content, cancellationToken);
        await WriteObservationsAsync(connection, report, counts, content, cancellationToken);
        await content.CompleteAsync(ReportProto.Write(counts), cancellationToken);
    }

    private async Task WriteFindingsAsync(
        NpgsqlConnection connection,
        Report report,
        ReportCounts counts,
        ReportContentWriter content,
        CancellationToken cancellationToken
    )
    {
        var entries = new ReportEntries(catalogue, report.Language);
        await using var command = Command(ReportSql.Findings, connection, report);
        Add(command, report.CreateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt64(5) == 1)
            {
                counts.AddFinding(reader.GetInt16(8));
                await content.WriteAsync(entries.Finding(reader), cancellationToken);
            }

            counts.AddOccurrence();
            await content.WriteAsync(ReportEntries.Occurrence(reader), cancellationToken);
        }
    }

    private static async Task WriteObservationsAsync(
        NpgsqlConnection connection,
        Report report,
        ReportCounts counts,
        ReportContentWriter content,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(ReportSql.Observations, connection, report);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.AddObservation();
            await content.WriteAsync(ReportEntries.Observation(reader), cancellationToken);
        }
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, Report report)
    {
        var command = new NpgsqlCommand(sql, connection);
        Add(command, report.TenantId);
        Add(command, report.SiteId);
        Add(command, report.MomentTime);
        return command;
    }

    private static void Add<T>(NpgsqlCommand command, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
