using System.Text;

namespace Kalisecu.Agent.Reading;

/// <summary>Raw traffic and evidence of one occurrence, masked and bounded.</summary>
internal static class Exchange
{
    private const string TruncationMark = "\n[truncated]";

    /// <summary>The parts that exist, one after the other, parted by an empty line.</summary>
    public static ReadOnlyMemory<byte> Of(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (string.IsNullOrEmpty(part))
            {
                continue;
            }

            if (text.Length > 0)
            {
                text.Append("\n\n");
            }

            // Shortened before it is masked: the work on a record stays bounded, and a cut header line is still masked.
            text.Append(part.AsSpan(0, Math.Min(part.Length, ReportLimits.ExchangeBytes)));
        }

        return text.Length == 0 ? ReadOnlyMemory<byte>.Empty : Bytes(Redaction.Mask(text.ToString()));
    }

    private static byte[] Bytes(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= ReportLimits.ExchangeBytes)
        {
            return bytes;
        }

        var end = ReportLimits.ExchangeBytes - TruncationMark.Length;
        while ((bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return [.. bytes.AsSpan(0, end), .. Encoding.UTF8.GetBytes(TruncationMark)];
    }
}
