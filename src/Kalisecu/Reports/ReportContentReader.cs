using System.Text.Json;

namespace Kalisecu.Reports;

/// <summary>
/// Reads the frozen form as its bytes come and gives its entries one by one. Holds what one piece of bytes yields and the value
/// that the end of the piece cut, never the document. Properties that it does not know are passed over.
/// </summary>
internal sealed class ReportContentReader(Func<V1.ReportEntry, CancellationToken, ValueTask> take)
{
    private readonly List<V1.ReportEntry> _entries = [];
    private readonly Dictionary<string, JsonElement> _finding = new(StringComparer.Ordinal);
    private byte[] _buffer = new byte[128 * 1024];
    private int _length;
    private JsonReaderState _state;
    private string _part = "";
    private string _findingId = "";
    private bool _isKnown;
    private bool _isComplete;

    public async Task ReadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Keep(bytes.Span);
        Parse();
        foreach (var entry in _entries)
        {
            await take(entry, cancellationToken);
        }

        _entries.Clear();
    }

    /// <summary>Says that no byte follows.</summary>
    public void Complete()
    {
        if (!_isComplete)
        {
            throw new InvalidDataException("The report ends before its document does.");
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes.Length));
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Parse()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(0, _length), isFinalBlock: false, _state);
        var whole = reader;
        while (TryStep(ref reader))
        {
            whole = reader;
        }

        // A value that the end cut is read again from its start when the rest has come.
        _state = whole.CurrentState;
        var used = (int)whole.BytesConsumed;
        _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
        _length -= used;
    }

    /// <summary>One token, or one value with all that is in it. Depth 1 is the document, 3 a finding, 4 its occurrences.</summary>
    private bool TryStep(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (reader.TokenType, reader.CurrentDepth)
        {
            case (JsonTokenType.PropertyName, 1):
                return TryPart(ref reader);
            case (JsonTokenType.PropertyName, 3):
                return TryFindingProperty(ref reader);
            case (JsonTokenType.StartObject, 2) when _part is "findings":
                _finding.Clear();
                return true;
            case (JsonTokenType.StartObject, 2):
                return TryAdd(ref reader, o => new V1.ReportEntry { Observation = ReportValues.Observation(o) });
            case (JsonTokenType.StartObject, 4):
                return TryAdd(
                    ref reader,
                    o => new V1.ReportEntry { Occurrence = ReportValues.Occurrence(o, _findingId) }
                );
            case (JsonTokenType.EndObject, 0):
                _isComplete = true;
                return true;
            default:
                return true;
        }
    }

    private bool TryPart(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        if (name is "findings" or "observations")
        {
            _part = name;
            return true;
        }

        if (!JsonElement.TryParseValue(ref reader, out var value))
        {
            return false;
        }

        if (!_isKnown)
        {
            _isKnown =
                name is "schema" && value.Value.ValueEquals(ReportContent.Schema)
                    ? true
                    : throw new InvalidDataException("Not a report of a form that this version reads.");
        }
        else if (name is "report")
        {
            _entries.Add(new V1.ReportEntry { Header = ReportValues.Header(value.Value) });
        }

        return true;
    }

    private bool TryFindingProperty(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        if (name is "occurrences")
        {
            // The writer puts them last: all else of the finding is known.
            var finding = ReportValues.Finding(_finding);
            _findingId = finding.FindingId;
            _entries.Add(new V1.ReportEntry { Finding = finding });
            return true;
        }

        if (!JsonElement.TryParseValue(ref reader, out var value))
        {
            return false;
        }

        _finding[name] = value.Value;
        return true;
    }

    private bool TryAdd(ref Utf8JsonReader reader, Func<JsonElement, V1.ReportEntry> entry)
    {
        if (!JsonElement.TryParseValue(ref reader, out var value))
        {
            return false;
        }

        _entries.Add(entry(value.Value));
        return true;
    }
}
