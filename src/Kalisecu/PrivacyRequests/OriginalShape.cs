using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Kalisecu.Objects;

namespace Kalisecu.PrivacyRequests;

/// <summary>Watches an original stream by and tells what it is by its content, whatever it is called.</summary>
internal sealed class OriginalShape
{
    public const string Pdf = "application/pdf";
    public const string Mail = "message/rfc822";
    public const string Text = "text/plain";
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";

    // The fields that RFC 5322, 3.6 demands of every mail stand in its head; of mails seen, the longest had 20 KB of it.
    private const int HeadSize = 64 * 1024;

    // Cameras append to the end of a picture.
    private const int TailSize = 1024;

    // What plain text holds of the controls: tabulator, line feed, form feed, carriage return.
    private static readonly SearchValues<char> Controls = SearchValues.Create([
        .. Enumerable.Range(0, 32).Except([9, 10, 12, 13]).Append(127).Select(c => (char)c),
    ]);

    private static readonly Dictionary<string, string> ByEnding = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = Pdf,
        [".eml"] = Mail,
        [".txt"] = Text,
        [".png"] = Png,
        [".jpg"] = Jpeg,
        [".jpeg"] = Jpeg,
    };

    private readonly PdfShape _pdf = new();
    private readonly List<byte> _head = [];
    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
    private readonly char[] _characters = new char[HeadSize + 4];
    private byte[] _tail = [];
    private bool _isText = true;
    private bool _hasZero;
    private long _size;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        _pdf.Add(bytes);
        _size += bytes.Length;
        _head.AddRange(bytes[..Math.Min(bytes.Length, HeadSize - _head.Count)]);
        byte[] seen = [.. _tail, .. bytes];
        _tail = seen[^Math.Min(seen.Length, TailSize)..];
        _hasZero |= bytes.Contains((byte)0);
        for (; _isText && !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, HeadSize)..])
        {
            _isText = Decodes(bytes[..Math.Min(bytes.Length, HeadSize)], flush: false);
        }
    }

    /// <summary>The type of what came, if it is one that we take and no other than its name claims; else null.</summary>
    public string? TypeOf(string fileName)
    {
        var type = Type();
        return
            type is null
            || (
                ByEnding.TryGetValue(Path.GetExtension(fileName), out var claimed)
                && !string.Equals(claimed, type, StringComparison.Ordinal)
            )
            ? null
            : type;
    }

    private string? Type()
    {
        var head = CollectionsMarshal.AsSpan(_head);
        if (_pdf.IsPdf)
        {
            return Pdf;
        }

        // PNG (ISO/IEC 15948), 5.2 and 11.2.5: the signature first, an empty IEND chunk last.
        if (IsPng(head))
        {
            return Png;
        }

        // JPEG (ITU-T T.81), annex B: SOI and the next marker first, EOI near the end.
        if (head.StartsWith<byte>([0xFF, 0xD8, 0xFF]) && _tail.AsSpan().LastIndexOf<byte>([0xFF, 0xD9]) >= 0)
        {
            return Jpeg;
        }

        if (!_hasZero && IsMail(Encoding.Latin1.GetString(head)))
        {
            return Mail;
        }

        return _isText && _size > 0 && Decodes([], flush: true) ? Text : null;
    }

    private bool IsPng(ReadOnlySpan<byte> head) =>
        head.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        && _tail.AsSpan().EndsWith<byte>([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]);

    // RFC 5322, 3.6: a mail has an origination date and an author; its head is fields and their continuations alone.
    private static bool IsMail(string head)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.Length == 0)
            {
                return names.Contains("From") && names.Contains("Date");
            }

            if (line[0] is ' ' or '\t')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAnyExceptInRange('!', '~'))
            {
                return false;
            }

            names.Add(line[..colon]);
        }

        return false;
    }

    private bool Decodes(ReadOnlySpan<byte> bytes, bool flush)
    {
        try
        {
            var count = _decoder.GetChars(bytes, _characters, flush);
            return !_characters.AsSpan(0, count).ContainsAny(Controls);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
