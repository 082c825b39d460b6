using System.Text;
using System.Xml;
using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Readers;

/// <summary>
/// Walks an XML report node by node. A document type is skipped, never processed: no entity is expanded, nothing is
/// fetched. Every fault of the text becomes a <see cref="ReportProblem"/> with its line.
/// </summary>
internal sealed class XmlNodes : IDisposable
{
    private readonly string _format;
    private readonly BoundedStream _stream;
    private readonly XmlReader _reader;
    private readonly char[] _chunk = new char[4096];
    private bool _stayed;

    public XmlNodes(ReportSource source, string format)
    {
        _format = format;
        var head = source.Head();
        if (head.IsBlank)
        {
            throw Problem("the file is empty", "A scanner that ended well writes at least an empty report.");
        }

        var skipped = head.IsUtf16 ? string.Empty : head.Xml.Skipped;
        var inner = source.Open();
        Skip(inner, skipped.Length == 0 ? 0 : head.PreambleBytes + Encoding.UTF8.GetByteCount(skipped));
        _stream = new BoundedStream(
            inner,
            () =>
                Problem(
                    $"one element is larger than {ReportLimits.RecordBytes / (1024 * 1024)} MiB",
                    "The file is damaged or not a scanner's."
                )
        );
        _reader = XmlReader.Create(
            _stream,
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Ignore,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                IgnoreWhitespace = true,
                LineNumberOffset = skipped.Count(c => c == '\n'),
            }
        );
    }

    public long RecordsRead { get; set; }

    public string Name => _reader.LocalName;

    public int Depth => _reader.Depth;

    public bool IsStart => _reader.NodeType == XmlNodeType.Element;

    public bool IsEnd => _reader.NodeType == XmlNodeType.EndElement;

    public bool IsEmpty => _reader.IsEmptyElement;

    public string? Attribute(string name) => _reader.GetAttribute(name);

    /// <summary>The element before any other.</summary>
    public void ReadRoot(string name)
    {
        do
        {
            if (!Read())
            {
                throw Problem("there is no element at all", "The file is damaged.");
            }
        } while (!IsStart);

        if (!string.Equals(Name, name, StringComparison.Ordinal))
        {
            throw Problem($"the root is <{PlainText.Name(Name)}>, not <{name}>", "Give the right --format.");
        }
    }

    public bool Read()
    {
        if (_stayed)
        {
            _stayed = false;
            return true;
        }

        _stream.Progress();
        try
        {
            if (!_reader.Read())
            {
                return false;
            }
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException or ArgumentException)
        {
            throw Broken(e);
        }

        return _reader.Depth <= ReportLimits.Depth
            ? true
            : throw Problem(
                $"elements are nested deeper than {ReportLimits.Depth}",
                "No scanner writes such a report."
            );
    }

    /// <summary>
    /// The text of the element at hand, its children's included, shortened to a limit; ends on its end tag, which the
    /// next <see cref="Read"/> gives.
    /// </summary>
    public string Text(int limit = ReportLimits.TextLength)
    {
        if (_reader.IsEmptyElement)
        {
            return string.Empty;
        }

        var depth = _reader.Depth;
        var text = new StringBuilder();
        while (Read() && _reader.Depth > depth)
        {
            if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                AppendValue(text, limit);
            }
        }

        _stayed = true;
        return PlainText.Limit(text.ToString(), limit);
    }

    public ReportProblem Problem(string what, string advice)
    {
        var info = _reader as IXmlLineInfo;
        return new ReportProblem(
            _format,
            what,
            advice,
            info?.HasLineInfo() == true
                ? new ReportPosition(info.LineNumber, info.LinePosition) { RecordsBefore = RecordsRead }
                : new ReportPosition(Line: 1)
        );
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private static void Skip(Stream stream, int count)
    {
        Span<byte> rest = new byte[count];
        stream.ReadExactly(rest);
    }

    private void AppendValue(StringBuilder text, int limit)
    {
        try
        {
            int count;
            while ((count = _reader.ReadValueChunk(_chunk, 0, _chunk.Length)) > 0)
            {
                // One more than the limit, so that the shortening leaves its mark.
                text.Append(_chunk, 0, Math.Clamp(limit + 1 - text.Length, 0, count));
            }
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException or ArgumentException)
        {
            throw Broken(e);
        }
    }

    private ReportProblem Broken(Exception cause)
    {
        var position = cause is XmlException { LineNumber: > 0 } xml
            ? new ReportPosition(xml.LineNumber, xml.LinePosition) { RecordsBefore = RecordsRead }
            : new ReportPosition { RecordsBefore = RecordsRead };
        return new ReportProblem(
            _format,
            $"not well-formed XML ({Sentence(cause.Message)})",
            "The report is damaged or was cut off: let the scanner write it again.",
            position,
            cause
        );
    }

    private static string Sentence(string message)
    {
        var end = message.IndexOf(" Line ", StringComparison.Ordinal);
        return PlainText.Name(end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
