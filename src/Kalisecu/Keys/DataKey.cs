using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Kalisecu.Keys;

/// <summary>
/// One data key. Seals values with AES-256-GCM as version (1) | nonce (12) | tag (16) | ciphertext; what the value is and whose
/// it is goes in as associated data, so that a sealed value moved to another row or column does not open.
/// </summary>
internal sealed class DataKey : IDisposable
{
    public const int KeySize = 32;
    public const int Overhead = 1 + NonceSize + TagSize;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    // AesGcm is not safe for two threads, and costly to make: a small pool gives each user one of its own.
    private readonly ConcurrentBag<AesGcm> _ciphers = [];

    public DataKey(byte[] key)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"A data key has {KeySize} bytes.", nameof(key));
        }

        _key = key;
    }

    public byte[] Encrypt(ReadOnlySpan<byte> plain, string what, Guid owner)
    {
        var output = new byte[plain.Length + Overhead];
        Span<byte> associated = stackalloc byte[MaximumAssociated];
        Encrypt(plain, associated[..WriteAssociated(associated, what, owner)], output);
        return output;
    }

    public byte[] EncryptText(string plain, string what, Guid owner) =>
        Encrypt(Encoding.UTF8.GetBytes(plain), what, owner);

    /// <summary>Opens a sealed value.</summary>
    /// <exception cref="CryptographicException">It was changed, moved, or sealed with another key.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> value, string what, Guid owner)
    {
        if (value.Length < Overhead)
        {
            throw new CryptographicException("Not a value that this version of the platform sealed.");
        }

        Span<byte> associated = stackalloc byte[MaximumAssociated];
        var plain = new byte[value.Length - Overhead];
        Decrypt(value, associated[..WriteAssociated(associated, what, owner)], plain);
        return plain;
    }

    public string DecryptText(ReadOnlySpan<byte> value, string what, Guid owner) =>
        Encoding.UTF8.GetString(Decrypt(value, what, owner));

    /// <summary>The allocation-free form for bulk work: <paramref name="output"/> has <see cref="Overhead"/> bytes more than the plain text.</summary>
    public void Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, Span<byte> output)
    {
        output[0] = Version;
        var nonce = output.Slice(1, NonceSize);
        NonceSource.Fill(nonce);
        var cipher = Rent();
        try
        {
            cipher.Encrypt(nonce, plain, output[Overhead..], output.Slice(1 + NonceSize, TagSize), associated);
        }
        finally
        {
            _ciphers.Add(cipher);
        }
    }

    /// <summary>The allocation-free opening: <paramref name="output"/> has <see cref="Overhead"/> bytes less than the value.</summary>
    /// <exception cref="CryptographicException">It was changed, moved, or sealed with another key.</exception>
    public void Decrypt(ReadOnlySpan<byte> value, ReadOnlySpan<byte> associated, Span<byte> output)
    {
        if (value.Length < Overhead || value[0] != Version)
        {
            throw new CryptographicException("Not a value that this version of the platform sealed.");
        }

        var cipher = Rent();
        try
        {
            cipher.Decrypt(
                value.Slice(1, NonceSize),
                value[Overhead..],
                value.Slice(1 + NonceSize, TagSize),
                output,
                associated
            );
        }
        finally
        {
            _ciphers.Add(cipher);
        }
    }

    public void Dispose()
    {
        while (_ciphers.TryTake(out var cipher))
        {
            cipher.Dispose();
        }

        CryptographicOperations.ZeroMemory(_key);
    }

    internal const int MaximumAssociated = 96;

    internal static int WriteAssociated(Span<byte> destination, string what, Guid owner)
    {
        owner.TryWriteBytes(destination, bigEndian: true, out _);
        return 16 + Encoding.UTF8.GetBytes(what, destination[16..]);
    }

    private AesGcm Rent() => _ciphers.TryTake(out var cipher) ? cipher : new AesGcm(_key, TagSize);
}

/// <summary>
/// Random nonces, drawn from the system in blocks: NIST SP 800-38D allows 2^32 random 96-bit nonces a key, and a draw per value
/// costs more than the encryption itself.
/// </summary>
internal static class NonceSource
{
    [ThreadStatic]
    private static Block? t_block;

    public static void Fill(Span<byte> nonce)
    {
        var block = t_block ??= new Block();
        block.Take(nonce);
    }

    private sealed class Block
    {
        private readonly byte[] _bytes = new byte[4096];
        private int _used = 4096;

        public void Take(Span<byte> destination)
        {
            if (_used + destination.Length > _bytes.Length)
            {
                RandomNumberGenerator.Fill(_bytes);
                _used = 0;
            }

            _bytes.AsSpan(_used, destination.Length).CopyTo(destination);
            _bytes.AsSpan(_used, destination.Length).Clear();
            _used += destination.Length;
        }
    }
}
