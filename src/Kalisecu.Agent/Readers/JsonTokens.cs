using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// Walks a JSON report token by token over a small buffer that grows only for a single record, and never beyond its limit.
/// </summary>
internal sealed class JsonTokens : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private static readonly JsonDocumentOptions RecordOptions = new() { MaxDepth = ReportLimits.Depth };

    private readonly string _format;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private int _keepFrom = -1;
    private bool _isLast;
    private long _consumed;
    private JsonReaderState _state;

    /// <summary>Opens the report. <paramref name="manyValues"/> is for JSON lines: values that follow each other.</summary>
    public JsonTokens(ReportSource source, string format, bool manyValues = false)
    {
        _format = format;
        _state = new JsonReaderState(
            new JsonReaderOptions { MaxDepth = ReportLimits.Depth, AllowMultipleValues = manyValues }
        );
        var head = source.Head();
        if (head.IsUtf16)
        {
            throw Problem("the text is UTF-16", "Convert it to UTF-8, the only encoding of JSON (RFC 8259 §8.1).");
        }

        _stream = source.Open();
        Fill();
        _start = Math.Min(head.PreambleBytes, _end);
    }

    public JsonTokenType Type { get; private set; }

    /// <summary>The text of a name, string or number.</summary>
    public string Value { get; private set; } = string.Empty;

    /// <summary>How many objects and arrays are open around the token.</summary>
    public int Depth { get; private set; }

    public long RecordsRead { get; set; }

    /// <summary>The next token; false at a complete end.</summary>
    public bool Read()
    {
        while (true)
        {
            if (TryRead(out var found))
            {
                return found;
            }

            Fill();
        }
    }

    /// <summary>Past the value that begins at the token, or that follows the name at hand.</summary>
    public void Skip()
    {
        if (Type == JsonTokenType.PropertyName)
        {
            ReadValue();
        }

        if (Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = Depth;
            while (!TrySkipTo(depth))
            {
                Fill();
            }
        }
    }

    /// <summary>The value after the name at hand.</summary>
    public void ReadValue()
    {
        if (!Read())
        {
            throw Problem("the text ends early", "The report was cut off: let the scanner write it again.");
        }
    }

    /// <summary>The names of the object at hand, one after the other; the caller reads or skips each value.</summary>
    public IEnumerable<string> Names()
    {
        var depth = Depth;
        while (true)
        {
            ReadValue();
            if (Type == JsonTokenType.EndObject && Depth == depth)
            {
                yield break;
            }

            if (Type == JsonTokenType.PropertyName && Depth == depth + 1)
            {
                yield return Value;
            }
        }
    }

    /// <summary>Steps to the next item of the array at hand; false at its end.</summary>
    /// <param name="depth">of the array's own tokens</param>
    public bool NextItem(int depth)
    {
        ReadValue();
        return !(Type == JsonTokenType.EndArray && Depth == depth);
    }

    /// <summary>The object or array at hand as a whole: one record.</summary>
    public JsonDocument Record()
    {
        _keepFrom = _start - 1;
        var depth = Depth;
        while (!TrySkipTo(depth))
        {
            Fill();
        }

        var record = _buffer.AsSpan(_keepFrom, _start - _keepFrom).ToArray();
        _keepFrom = -1;
        if (!Utf8.IsValid(record))
        {
            throw Problem("a text is not valid UTF-8", "Convert the report to UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(record, RecordOptions);
        }
        catch (JsonException e)
        {
            throw Broken(e);
        }
    }

    public ReportProblem Problem(string what, string advice, Exception? cause = null) =>
        new(
            _format,
            what,
            advice,
            new ReportPosition(Offset: _consumed + _start + 1) { RecordsBefore = RecordsRead },
            cause
        );

    public void Dispose() => _stream.Dispose();

    /// <summary>True when decided: a token, or a complete end; false when more bytes are needed.</summary>
    private bool TryRead(out bool found)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isLast, _state);
        try
        {
            found = reader.Read();
            if (!found)
            {
                Advance(ref reader);
                return _isLast;
            }

            Take(ref reader);
            Advance(ref reader);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Broken(e);
        }
    }

    private bool TrySkipTo(int depth)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isLast, _state);
        try
        {
            while (reader.Read())
            {
                if (
                    reader.CurrentDepth == depth
                    && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray
                )
                {
                    Take(ref reader);
                    Advance(ref reader);
                    return true;
                }
            }
        }
        catch (JsonException e)
        {
            throw Broken(e);
        }

        Advance(ref reader);
        return _isLast ? throw Problem("the text ends early", "The report was cut off.") : false;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        Type = reader.TokenType;
        Depth = reader.CurrentDepth;
        Value = Type switch
        {
            JsonTokenType.PropertyName or JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => string.Empty,
        };
    }

    private void Advance(ref Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private void Fill()
    {
        var from = _keepFrom >= 0 ? _keepFrom : _start;
        var length = _end - from;
        if (length > ReportLimits.RecordBytes)
        {
            throw Problem(
                $"one record is larger than {ReportLimits.RecordBytes / (1024 * 1024)} MiB",
                "The file is damaged or not a scanner's."
            );
        }

        if (length > _buffer.Length / 2)
        {
            var larger = new byte[_buffer.Length * 2];
            _buffer.AsSpan(from, length).CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(from, length).CopyTo(_buffer);
        }

        _consumed += from;
        _start -= from;
        _keepFrom = _keepFrom >= 0 ? 0 : -1;
        _end = length;
        var count = _stream.Read(_buffer.AsSpan(_end));
        _end += count;
        _isLast = count == 0;
    }

    private ReportProblem Broken(Exception cause)
    {
        var (what, position) = cause is JsonException json
            ? ($"not well-formed JSON ({Sentence(json.Message)})", Position(json))
            : ("a text is not valid UTF-8", new ReportPosition(Offset: _consumed + _start + 1));
        return new ReportProblem(
            _format,
            what,
            "The report is damaged or was cut off: let the scanner write it again.",
            position with
            {
                RecordsBefore = RecordsRead,
            },
            cause
        );
    }

    private static ReportPosition Position(JsonException json) => new(json.LineNumber + 1, json.BytePositionInLine + 1);

    private static string Sentence(string message)
    {
        var end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return PlainText.Name(end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
