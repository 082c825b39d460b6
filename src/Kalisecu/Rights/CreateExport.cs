using Kalisecu.Evidence;
using Kalisecu.Objects;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Copies what the stores hold about a person into a sealed object, row by row.</summary>
internal sealed class CreateExport(
    PersonStores stores,
    ExportHeaders headers,
    ObjectFolder objects,
    EvidenceLog evidence,
    IClock clock
)
{
    // Our own limit, far beyond what one person leaves; it keeps a fault from filling the disk.
    private const long MaximumBytes = 16L * 1024 * 1024 * 1024;

    public async Task<DataExport> RunAsync(
        KalisecuDb db,
        RightsCase rights,
        ExportKind kind,
        Language language,
        CancellationToken cancellationToken
    )
    {
        var export = DataExport.Make(rights, kind, language, clock.GetCurrentInstant());
        var header = await headers.OfAsync(db, export, cancellationToken);
        var recordCount = 0L;
        await using var pending = await objects.PrepareAsync(
            export.TenantId,
            async stream => recordCount = await WriteAsync(db, export, header, stream, cancellationToken),
            MaximumBytes,
            cancellationToken
        );
        export.Fill(pending.Object, recordCount);
        db.Add(export);
        await db.SaveChangesAsync(cancellationToken);
        await evidence.AppendAsync(
            db,
            "export.made",
            export.ExportId,
            rights.Actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["kind"] = $"{kind}",
                ["digest"] = Convert.ToHexStringLower(export.Digest),
                ["records"] = recordCount,
                ["privacy_request"] = rights.PrivacyRequestId.ToString("D"),
            },
            cancellationToken
        );
        pending.Publish();
        return export;
    }

    private async Task<long> WriteAsync(
        KalisecuDb db,
        DataExport export,
        ExportHeader header,
        Stream stream,
        CancellationToken cancellationToken
    )
    {
        await using var writer = new ExportWriter(stream);
        await writer.BeginAsync(header, cancellationToken);
        foreach (var store in stores.All)
        {
            await foreach (var record in store.CollectAsync(db, export.Person, cancellationToken))
            {
                if (export.Kind is ExportKind.Access)
                {
                    await writer.AddAsync(store.Name, record, cancellationToken);
                }
                else if (Portable(record) is { } provided)
                {
                    await writer.AddAsync(store.Name, provided, cancellationToken);
                }
            }
        }

        await writer.EndAsync(cancellationToken);
        return writer.RecordCount;
    }

    // GDPR art. 20(1): what the person provided, and nothing that was made from it.
    private static PersonalRecord? Portable(PersonalRecord record) =>
        record.Values.Any(v => v.Provided) ? record with { Values = [.. record.Values.Where(v => v.Provided)] } : null;
}
