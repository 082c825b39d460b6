using System.Security.Cryptography;
using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.TestKit;

namespace Kalisecu.Tests.Objects;

public sealed class ObjectFolderTests : IDisposable
{
    private const int Chunk = 64 * 1024;
    private const int Sealed = Chunk + DataKey.Overhead;
    private const int Header = 17;

    private readonly TestFolder _folder = new();
    private readonly KeyFolder _keyFolder;
    private readonly KeyRing _keys;
    private readonly ObjectFolder _objects;
    private readonly Guid _tenant = Guid.CreateVersion7();

    public ObjectFolderTests()
    {
        KeyFolder.CreateKeyEncryptionKey(_folder["kek.key"]);
        _keyFolder = new KeyFolder(_folder["keys"], _folder["kek.key"]);
        _keys = new KeyRing(_keyFolder);
        _objects = new ObjectFolder(_keys, _folder["objects"]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(1024 * 1024)]
    public async Task What_is_written_is_read(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);

        var stored = await WriteAsync(content);

        Assert.Equal(size, stored.SizeBytes);
        Assert.Equal(SHA256.HashData(content), stored.Digest);
        Assert.Equal(content, await ReadAsync(_tenant, stored.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Header)]
    [InlineData(Header + Sealed)]
    [InlineData(Header + (2 * Sealed))]
    [InlineData(Header + (2 * Sealed) + 10)]
    public async Task An_object_that_was_cut_off_is_damaged(int length)
    {
        var stored = await WriteAsync(RandomNumberGenerator.GetBytes((2 * Chunk) + 100));

        Change(stored, bytes => bytes[..length]);

        await DamagedAsync(_tenant, stored.Name);
    }

    [Fact]
    public async Task An_object_with_swapped_chunks_is_damaged()
    {
        var stored = await WriteAsync(RandomNumberGenerator.GetBytes(3 * Chunk));

        Change(
            stored,
            bytes =>
                [
                    .. bytes[..Header],
                    .. bytes[(Header + Sealed)..(Header + (2 * Sealed))],
                    .. bytes[Header..(Header + Sealed)],
                    .. bytes[(Header + (2 * Sealed))..],
                ]
        );

        await DamagedAsync(_tenant, stored.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(Header + 40)]
    [InlineData(Header + Sealed + 40)]
    public async Task An_object_with_a_flipped_bit_is_damaged(int at)
    {
        var stored = await WriteAsync(RandomNumberGenerator.GetBytes(Chunk + 100));

        Change(
            stored,
            bytes =>
            {
                bytes[at] ^= 1;
                return bytes;
            }
        );

        await DamagedAsync(_tenant, stored.Name);
    }

    [Fact]
    public async Task An_object_of_another_tenant_or_under_another_name_does_not_open()
    {
        var stored = await WriteAsync([1, 2, 3]);
        var other = Guid.CreateVersion7();
        Directory.CreateDirectory(Path.Combine(_folder["objects"], other.ToString("D")));
        File.Copy(PathOf(_tenant, stored.Name), PathOf(other, stored.Name));
        var name = new string('0', 64);
        File.Copy(PathOf(_tenant, stored.Name), PathOf(_tenant, name));

        await DamagedAsync(other, stored.Name);
        await DamagedAsync(_tenant, name);
    }

    [Fact]
    public async Task What_an_interrupted_upload_left_goes_after_a_day()
    {
        var stored = await WriteAsync([1]);
        var (old, young) = (PathOf(_tenant, ".pending-old"), PathOf(_tenant, ".pending-young"));
        await File.WriteAllBytesAsync(old, [1], Cancel);
        await File.WriteAllBytesAsync(young, [1], Cancel);
        File.SetLastWriteTimeUtc(old, File.GetLastWriteTimeUtc(young).AddHours(-25));

        _objects.RemoveAbandoned(NodaTime.Instant.FromDateTimeUtc(File.GetLastWriteTimeUtc(young)));

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
        Assert.Equal([1], await ReadAsync(_tenant, stored.Name));
    }

    public void Dispose()
    {
        _keys.Dispose();
        _keyFolder.Dispose();
        _folder.Dispose();
    }

    private async Task<StoredObject> WriteAsync(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return await _objects.WriteAsync(_tenant, stream, maxBytes: 2 * 1024 * 1024, Cancel);
    }

    private async Task<byte[]> ReadAsync(Guid tenant, string name)
    {
        using var read = new MemoryStream();
        await _objects.ReadAsync(tenant, name, read, Cancel);
        return read.ToArray();
    }

    private async Task DamagedAsync(Guid tenant, string name)
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => ReadAsync(tenant, name));
        Assert.Equal(ErrorReason.ObjectDamaged, refusal.Reason);
    }

    private void Change(StoredObject stored, Func<byte[], byte[]> change)
    {
        var path = PathOf(_tenant, stored.Name);
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
    }

    private string PathOf(Guid tenant, string name) => Path.Combine(_folder["objects"], tenant.ToString("D"), name);
}
