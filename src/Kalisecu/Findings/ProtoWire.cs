using System.Numerics;

namespace Kalisecu.Findings;

/// <summary>The few pieces of the protobuf wire format that are written by hand, for field numbers below 16.</summary>
internal static class ProtoWire
{
    public static byte VarintTag(int number) => (byte)(number << 3);

    public static byte LengthTag(int number) => (byte)((number << 3) | 2);

    /// <summary>Seven bits a byte, at least one.</summary>
    public static int VarintLength(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) / 64;

    public static int WriteVarint(Span<byte> destination, ulong value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            destination[i++] = (byte)(value & 0x7F | 0x80);
            value >>= 7;
        }

        destination[i++] = (byte)value;
        return i;
    }
}
