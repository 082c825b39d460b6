namespace Kalisecu.Objects;

/// <summary>Watches a document stream by and tells whether it is a PDF by its content, whatever it is called.</summary>
internal sealed class PdfShape
{
    // ISO 32000-2, 7.5.5 wants %%EOF in the last line; readers look in the last 1,024 bytes, as signers append to it.
    private const int TailSize = 1024;

    private readonly byte[] _tail = new byte[TailSize];
    private readonly byte[] _head = new byte[5];
    private int _headFilled;
    private int _tailFilled;

    public bool IsPdf =>
        _headFilled == _head.Length
        && _head.AsSpan().SequenceEqual("%PDF-"u8)
        && _tail.AsSpan(0, _tailFilled).IndexOf("%%EOF"u8) >= 0;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var first = bytes[..Math.Min(bytes.Length, _head.Length - _headFilled)];
        first.CopyTo(_head.AsSpan(_headFilled));
        _headFilled += first.Length;

        if (bytes.Length >= TailSize)
        {
            bytes[^TailSize..].CopyTo(_tail);
            _tailFilled = TailSize;
            return;
        }

        var kept = Math.Min(_tailFilled, TailSize - bytes.Length);
        _tail.AsSpan(_tailFilled - kept, kept).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(kept));
        _tailFilled = kept + bytes.Length;
    }
}
