using System.Text;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// CSV of RFC 4180, row by row. Our own because a quote that never closes must be reported with its line, not read as the
/// rest of the file, and a row must not grow without end.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly string _format;
    private readonly BufferedStream _stream;
    private readonly List<byte> _field = [];
    private readonly List<string> _row = [];
    private long _line = 1;
    private long _rowLine = 1;
    private int _rowBytes;

    public CsvRows(ReportSource source, string format)
    {
        _format = format;
        var head = source.Head();
        if (head.IsUtf16)
        {
            throw Problem("the text is UTF-16", "Convert it to UTF-8.");
        }

        _stream = new BufferedStream(source.Open(), 64 * 1024);
        for (var i = 0; i < head.PreambleBytes; i++)
        {
            _stream.ReadByte();
        }
    }

    public long RecordsRead { get; set; }

    /// <summary>The next row that is not blank; null at the end.</summary>
    public IReadOnlyList<string>? Read()
    {
        while (true)
        {
            _row.Clear();
            _field.Clear();
            _rowLine = _line;
            _rowBytes = 0;
            var ended = ReadRow();
            if (_row is not [{ Length: 0 }])
            {
                return [.. _row];
            }

            if (ended)
            {
                return null;
            }
        }
    }

    public ReportProblem Problem(string what, string advice) =>
        new(_format, what, advice, new ReportPosition(_rowLine) { RecordsBefore = RecordsRead });

    public void Dispose() => _stream.Dispose();

    /// <summary>True when the file ended with this row.</summary>
    private bool ReadRow()
    {
        var quoted = false;
        var closed = false;
        while (true)
        {
            var next = Next();
            switch (next)
            {
                case -1 when quoted:
                    throw Problem(
                        "a quoted field never ends",
                        "The report was cut off: let the scanner write it again."
                    );
                case -1:
                    EndField();
                    return true;
                case '"' when quoted:
                    quoted = false;
                    closed = true;
                    break;
                case '"' when closed:
                    // Doubled inside a quoted field: one quote.
                    Append((byte)'"');
                    quoted = true;
                    closed = false;
                    break;
                case '"' when _field.Count == 0:
                    quoted = true;
                    break;
                case ',' when !quoted:
                    EndField();
                    closed = false;
                    break;
                case '\r' when !quoted:
                    break;
                case '\n' when !quoted:
                    EndField();
                    return false;
                case 0:
                    throw Problem("a NUL byte", "The file is damaged or binary.");
                default:
                    Append((byte)next);
                    break;
            }
        }
    }

    private int Next()
    {
        var next = _stream.ReadByte();
        _line += next == '\n' ? 1 : 0;
        if (++_rowBytes > ReportLimits.RecordBytes)
        {
            throw Problem(
                $"one row is larger than {ReportLimits.RecordBytes / (1024 * 1024)} MiB",
                "The file is damaged or not a scanner's."
            );
        }

        return next;
    }

    private void Append(byte value) => _field.Add(value);

    private void EndField()
    {
        try
        {
            // More fields than any format has need not be kept: the row is wrong anyway.
            if (_row.Count < ReportLimits.ListLength)
            {
                _row.Add(Strict.GetString(_field.ToArray()));
            }
        }
        catch (DecoderFallbackException)
        {
            throw Problem("a text is not valid UTF-8", "Convert the report to UTF-8.");
        }

        _field.Clear();
    }
}
