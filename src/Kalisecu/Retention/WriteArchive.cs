using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>
/// The reports and technical data of a client as compressed JSON lines: <c>{"table", "row"}</c> for each row, then
/// <c>{"document", "content"}</c> (base64) for each stored document. Streamed; holds one row in memory, and the same data gives
/// the same bytes.
/// </summary>
internal sealed class WriteArchive(TenantDatabase database, KeepingRules rules, ObjectFolder objects, KeyRing keys)
{
    public async Task RunAsync(Guid tenantId, Stream destination, CancellationToken cancellationToken)
    {
        await using var lines = new GZipStream(destination, CompressionLevel.Fastest, leaveOpen: true);
        await using var tenant = await database.OpenAsync(tenantId, cancellationToken);
        var documents = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules.Of(KeepingAction.DeleteWithTenant).Where(IsTechnical))
        {
            await WriteRowsAsync(lines, tenant, rule, documents, cancellationToken);
        }

        foreach (var name in documents)
        {
            await WriteDocumentAsync(lines, tenantId, name, cancellationToken);
        }
    }

    private static bool IsTechnical(KeepingRule rule) => rule.Category is RetentionRule.TechnicalData;

    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    private async Task WriteRowsAsync(
        Stream lines,
        TenantConnection tenant,
        KeepingRule rule,
        SortedSet<string> documents,
        CancellationToken cancellationToken
    )
    {
        await using var command = tenant.Command(ArchiveSql.Rows(rule));
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = tenant.TenantId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = reader.GetString(0);
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                documents.Add(reader.GetString(1));
            }

            if (rule.Sealed is { } column && !await reader.IsDBNullAsync(2, cancellationToken))
            {
                var value = await reader.GetFieldValueAsync<byte[]>(2, cancellationToken);
                var open = keys.For(tenant.TenantId).Decrypt(value, column.IsA, reader.GetGuid(3));
                row = $"{row[..^1]}, \"{column.Column}\": \"{Convert.ToBase64String(open)}\"}}";
            }

            await WriteAsync(lines, $"{{\"table\": \"{rule.Table}\", \"row\": {row}}}\n", cancellationToken);
        }
    }

    private async Task WriteDocumentAsync(Stream lines, Guid tenantId, string name, CancellationToken cancellationToken)
    {
        await WriteAsync(lines, $"{{\"document\": \"{name}\", \"content\": \"", cancellationToken);
        using var transform = new ToBase64Transform();
        await using (var content = new CryptoStream(lines, transform, CryptoStreamMode.Write, leaveOpen: true))
        {
            await objects.ReadAsync(tenantId, name, content, cancellationToken);
        }

        await WriteAsync(lines, "\"}\n", cancellationToken);
    }

    private static ValueTask WriteAsync(Stream lines, string text, CancellationToken cancellationToken) =>
        lines.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
}
