using System.Buffers;

namespace Kalisecu.Findings;

/// <summary>
/// The large buffers of pushes. The runtime's shared pool keeps some for every thread that ever gave one back; with arrays of
/// megabytes on a dozen threads that was most of the server's memory. This one keeps what was in use at once, and no more.
/// </summary>
internal static class PushBuffers
{
    // A message of 4 MB at most; what a lane makes of one is a little larger, and sizes are powers of two.
    private const int Largest = 8 * 1024 * 1024;
    private const int KeptOfEachSize = 32;

    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(Largest, KeptOfEachSize);

    public static byte[] Rent(int length) => Pool.Rent(length);

    public static void Return(byte[] buffer) => Pool.Return(buffer);
}
