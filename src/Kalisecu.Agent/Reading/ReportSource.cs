using System.Text;

namespace Kalisecu.Agent.Reading;

/// <summary>A report that can be read from its beginning as often as needed: memory stays flat because nothing is kept.</summary>
internal sealed class ReportSource
{
    private readonly Func<Stream> _open;

    public ReportSource(string name, Func<Stream> open)
    {
        Name = name;
        _open = open;
    }

    public string Name { get; }

    public static ReportSource File(string path) =>
        new(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024));

    public Stream Open() => _open();

    /// <summary>The first <see cref="ReportLimits.HeadBytes"/>, enough to tell the format.</summary>
    public ReportHead Head()
    {
        using var stream = Open();
        var bytes = new byte[ReportLimits.HeadBytes];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return new ReportHead(bytes.AsMemory(0, length), Path.GetExtension(Name));
    }
}

/// <summary>The beginning of a report.</summary>
internal sealed class ReportHead
{
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    public ReportHead(ReadOnlyMemory<byte> bytes, string extension)
    {
        Extension = extension.ToUpperInvariant();
        IsUtf16 = bytes.Span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        PreambleBytes = bytes.Span.StartsWith(Utf8Mark) ? Utf8Mark.Length : 0;
        Bytes = bytes[PreambleBytes..];
        Text = Decode(bytes.Span);
        IsBlank = string.IsNullOrWhiteSpace(Text);
        Json = IsUtf16 ? JsonShape.None : JsonShape.Of(Bytes.Span);
        Xml = XmlShape.Of(Text);
    }

    /// <summary>In capitals, with its dot.</summary>
    public string Extension { get; }

    public bool IsUtf16 { get; }

    public int PreambleBytes { get; }

    /// <summary>Without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>For recognising ASCII words only: the end may cut a character.</summary>
    public string Text { get; }

    public bool IsBlank { get; }

    public JsonShape Json { get; }

    public XmlShape Xml { get; }

    private static string Decode(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes[2..]),
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes[2..]),
            [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(bytes[3..]),
            _ => Encoding.UTF8.GetString(bytes),
        };
}
