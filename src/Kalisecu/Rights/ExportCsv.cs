using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace Kalisecu.Rights;

/// <summary>
/// An export as CSV (RFC 4180): one line a value, so that records of all types fit one file. A spreadsheet must not take a
/// value for a formula: those that would be one get an apostrophe in front (OWASP, CSV injection).
/// </summary>
internal sealed class ExportCsv(Stream destination) : IExportRendering, IAsyncDisposable
{
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    private readonly CsvWriter _csv = CsvWriter.Create(destination, Options, leaveOpen: true);
    private long _record;

    public Task BeginAsync(JsonElement header)
    {
        _csv.WriteHeader("record", "store", "type", "field", "value");
        return Task.CompletedTask;
    }

    public async Task AddAsync(JsonElement record)
    {
        var number = (++_record).ToString(CultureInfo.InvariantCulture);
        foreach (var value in record.GetProperty("values").EnumerateObject())
        {
            _csv.WriteField(number);
            _csv.WriteField(record.GetProperty("store").GetString());
            _csv.WriteField(record.GetProperty("type").GetString());
            _csv.WriteField(value.Name);
            _csv.WriteField(ExportText.Of(value.Value));
            await _csv.EndRecordAsync();
        }
    }

    public async Task EndAsync() => await _csv.FlushAsync();

    public ValueTask DisposeAsync() => _csv.DisposeAsync();
}

/// <summary>A JSON value as text.</summary>
internal static class ExportText
{
    public static string Of(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Of)),
            _ => value.GetRawText(),
        };
}
