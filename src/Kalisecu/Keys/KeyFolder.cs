using System.Security.Cryptography;
using System.Text;

namespace Kalisecu.Keys;

/// <summary>
/// Wrapped keys as files: <c>NAME.key</c> holds version (1) | nonce (12) | tag (16) | wrapped key (32). A destroyed key leaves
/// <c>NAME.destroyed</c>, so that it is never made anew by mistake.
/// </summary>
internal sealed class KeyFolder : IDisposable
{
    private readonly string _folder;
    private readonly DataKey _wrapping;

    public KeyFolder(string folder, string keyEncryptionKeyFile)
    {
        _folder = folder;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _wrapping = Wrapping(keyEncryptionKeyFile);
    }

    /// <summary>The key-encryption key itself: for what is sealed before there is any data key.</summary>
    public static DataKey Wrapping(string keyEncryptionKeyFile) => new(ReadKeyEncryptionKey(keyEncryptionKeyFile));

    /// <summary>Whether a wrapped key is there, whole, and opens; false where there is none.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another key-encryption key.</exception>
    public bool Opens(string name) => TryRead(name) is not null;

    /// <summary>The names of all wrapped keys that are there.</summary>
    public IReadOnlyList<string> Names() =>
        [
            .. Directory
                .EnumerateFiles(_folder, "*.key")
                .Select(f => Path.GetFileNameWithoutExtension(f))
                .Where(n => n is "platform" or "lookup" || Guid.TryParseExact(n, "D", out _))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Whether the key was destroyed on purpose.</summary>
    public bool IsDestroyed(string name) => File.Exists(DestroyedPath(name));

    public byte[] ReadOrCreate(string name)
    {
        RefuseDestroyed(name);
        return TryRead(name) ?? Create(name);
    }

    public void RefuseDestroyed(string name)
    {
        if (File.Exists(DestroyedPath(name)))
        {
            throw KeyErrors.Destroyed(name);
        }
    }

    public void Destroy(string name)
    {
        File.WriteAllBytes(DestroyedPath(name), []);
        File.Delete(KeyPath(name));
    }

    public void Dispose() => _wrapping.Dispose();

    /// <summary>Makes a fresh key-encryption key file: 64 hexadecimal digits, readable by its owner alone.</summary>
    public static void CreateKeyEncryptionKey(string path)
    {
        using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        file.Write(
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(DataKey.KeySize)) + "\n")
        );
        file.Flush(flushToDisk: true);
    }

    private static byte[] ReadKeyEncryptionKey(string path)
    {
        var text = File.ReadAllText(path).Trim();
        return text.Length == DataKey.KeySize * 2 && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw new InvalidDataException(
                $"The key-encryption key file {path} must hold {DataKey.KeySize * 2} hexadecimal digits."
            );
    }

    private byte[]? TryRead(string name)
    {
        var path = KeyPath(name);
        return File.Exists(path) ? _wrapping.Decrypt(File.ReadAllBytes(path), "key:" + name, Guid.Empty) : null;
    }

    private byte[] Create(string name)
    {
        var key = RandomNumberGenerator.GetBytes(DataKey.KeySize);
        var pending = Path.Combine(
            _folder,
            $".{name}.{Environment.ProcessId}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}"
        );
        using (
            var file = new FileStream(
                pending,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            file.Write(_wrapping.Encrypt(key, "key:" + name, Guid.Empty));
            file.Flush(flushToDisk: true);
        }

        try
        {
            // Appears whole or not at all, and the first of two processes wins.
            File.Move(pending, KeyPath(name), overwrite: false);
            return key;
        }
        catch (IOException exception)
        {
            File.Delete(pending);
            return TryRead(name)
                ?? throw new IOException($"The key {name} could not be stored in {_folder}.", exception);
        }
    }

    private string KeyPath(string name) => Path.Combine(_folder, name + ".key");

    private string DestroyedPath(string name) => Path.Combine(_folder, name + ".destroyed");
}
