using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Kalisecu.Persons;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Rights;

/// <summary>
/// Writes an export as JSON, one record a line: a first line up to the records, one line a record (with a leading comma from
/// the second on), a last line. Whoever renders it reads line by line; memory does not grow with the number of records.
/// </summary>
internal sealed class ExportWriter : IAsyncDisposable
{
    public const string Schema = "urn:kalisecu:data-export:1";

    // As much as a chunk of the sealed object holds.
    private const int FlushAt = 64 * 1024;

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = Encoder };

    private readonly Dictionary<string, JsonEncodedText> _names = new(StringComparer.Ordinal);
    private readonly Utf8JsonWriter _json;
    private readonly PipeWriter _buffer;

    public ExportWriter(Stream destination)
    {
        _buffer = PipeWriter.Create(
            destination,
            new StreamPipeWriterOptions(minimumBufferSize: FlushAt, leaveOpen: true)
        );
        // What is written here is of our own shape; checking it again costs a tenth of the time.
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true, Encoder = Encoder });
    }

    public long RecordCount { get; private set; }

    public async Task BeginAsync(ExportHeader header, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(header, Plain);
        _buffer.Write("{\"schema\":\""u8);
        _buffer.Write(System.Text.Encoding.ASCII.GetBytes(Schema));
        _buffer.Write("\",\"header\":"u8);
        _buffer.Write(text);
        _buffer.Write(",\"records\":[\n"u8);
        await FlushAsync(cancellationToken);
    }

    public ValueTask AddAsync(string store, PersonalRecord record, CancellationToken cancellationToken)
    {
        Write(store, record);
        return _buffer.UnflushedBytes < FlushAt ? ValueTask.CompletedTask : new(FlushAsync(cancellationToken));
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        _buffer.Write("],\"recordCount\":"u8);
        _buffer.Write(System.Text.Encoding.ASCII.GetBytes(RecordCount.ToString(CultureInfo.InvariantCulture)));
        _buffer.Write("}\n"u8);
        await FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _json.DisposeAsync();
        await _buffer.CompleteAsync();
    }

    private void Write(string store, PersonalRecord record)
    {
        if (RecordCount++ > 0)
        {
            _buffer.Write(","u8);
        }

        _json.WriteStartObject();
        _json.WriteString("store", Name(store));
        _json.WriteString("type", Name(record.Type));
        _json.WriteStartObject("values");
        var values = record.Values;
        for (var i = 0; i < values.Count; i++)
        {
            _json.WritePropertyName(Name(values[i].Name));
            WriteValue(values[i].Value);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
    }

    private void WriteValue(object? value)
    {
        switch (value)
        {
            case null:
                _json.WriteNullValue();
                break;
            case string text:
                _json.WriteStringValue(text);
                break;
            case Instant moment:
                _json.WriteStringValue(moment.ToDateTimeUtc());
                break;
            case Guid id:
                _json.WriteStringValue(id);
                break;
            case bool truth:
                _json.WriteBooleanValue(truth);
                break;
            case int number:
                _json.WriteNumberValue(number);
                break;
            case short number:
                _json.WriteNumberValue(number);
                break;
            case long number:
                _json.WriteNumberValue(number);
                break;
            case decimal number:
                _json.WriteNumberValue(number);
                break;
            case double number:
                _json.WriteNumberValue(number);
                break;
            case LocalDate date:
                _json.WriteStringValue(LocalDatePattern.Iso.Format(date));
                break;
            case byte[] bytes:
                _json.WriteBase64StringValue(bytes);
                break;
            case Enum named:
                _json.WriteStringValue(named.ToString());
                break;
            case IEnumerable<string> texts:
                _json.WriteStartArray();
                foreach (var text in texts)
                {
                    _json.WriteStringValue(text);
                }

                _json.WriteEndArray();
                break;
            default:
                // A new type must be written as what it is, not as what .NET calls it.
                throw new InvalidOperationException($"An export holds no {value.GetType()}.");
        }
    }

    private JsonEncodedText Name(string name)
    {
        if (!_names.TryGetValue(name, out var encoded))
        {
            _names[name] = encoded = JsonEncodedText.Encode(name, Encoder);
        }

        return encoded;
    }

    private async Task FlushAsync(CancellationToken cancellationToken) => await _buffer.FlushAsync(cancellationToken);
}
